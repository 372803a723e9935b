import { z } from 'zod';
import { coverSchema, idSchema, searchSchema, viewRefSchema } from './fields.ts';

/**
 * The wall: albums in the order of artist and title, those of nobody by their title; a leading "The" does not count. A
 * folder is an album until its tags are read.
 */

const count = z.int().nonnegative();

const ALBUM_FILTERS = ['all', 'whole', 'under_way', 'to_come', 'attention'] as const;
/**
 * `whole`: all of it that can be archived is. `under_way`: some of it is, or is being sent. `to_come`: nothing of it is
 * archived yet. An album that is left out whole is none of these. `attention`: something of it failed.
 */
export type AlbumFilter = (typeof ALBUM_FILTERS)[number];

export const albumsWantedSchema = z.strictObject({ filter: z.enum(ALBUM_FILTERS), search: searchSchema });
export type AlbumsWanted = z.infer<typeof albumsWantedSchema>;

export const albumsOpenedSchema = z.object({
  view: viewRefSchema,
  /** How many the view has. Its order stays as it is until it is opened again. */
  albums: count,
  /** How many there are with this search, by filter. */
  counts: z.object({ all: count, whole: count, under_way: count, to_come: count, attention: count }),
  /** The first album of each initial, in the view's order; `#` for what begins with no letter. */
  letters: z.array(z.object({ letter: z.string(), at: count })),
});
export type AlbumsOpened = z.infer<typeof albumsOpenedSchema>;

export const albumRowSchema = z.object({
  id: idSchema,
  title: z.string(),
  /** Empty where the tags name none. */
  artist: z.string(),
  year: z.int().nullable(),
  cover: coverSchema,
  tracks: count,
  archived: count,
  failed: count,
  skipped: count,
  /** Something of it is being sent now. */
  underWay: z.boolean(),
});
export type AlbumRow = z.infer<typeof albumRowSchema>;

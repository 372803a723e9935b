import { z } from 'zod';
import { coverSchema, idSchema, searchSchema, viewRefSchema } from './fields.ts';

/** All tracks of the ledger as a table, and one of them with everything that is known of it. */

const count = z.int().nonnegative();

export const TRACK_OUTCOMES = ['archived', 'waiting', 'failed', 'skipped', 'missing'] as const;
const outcomeSchema = z.enum(TRACK_OUTCOMES);
export type TrackOutcomeNow = z.infer<typeof outcomeSchema>;

/** `when`: the newest first, by when they were archived. */
const TRACK_ORDERS = ['path', 'name', 'size', 'when'] as const;
export type TrackOrder = (typeof TRACK_ORDERS)[number];

export const tracksWantedSchema = z.strictObject({
  /** null: all but the missing ones. */
  outcome: outcomeSchema.nullable(),
  /** Found in path, title, artist or album, whatever the case. */
  search: searchSchema,
  order: z.enum(TRACK_ORDERS),
  descending: z.boolean(),
  /** Only those of one album; null: all. */
  album: idSchema.nullable(),
});
export type TracksWanted = z.infer<typeof tracksWantedSchema>;

/** The view's order stays as it is until it is opened again. */
export const tracksOpenedSchema = z.object({ view: viewRefSchema, tracks: count });
export type TracksOpened = z.infer<typeof tracksOpenedSchema>;

export const trackRowSchema = z.object({
  id: idSchema,
  /** Relative to its library, fit to be shown. */
  path: z.string(),
  /** Empty until its tags are read. */
  title: z.string(),
  artist: z.string(),
  album: z.string(),
  bytes: count,
  outcome: outcomeSchema,
  /** When it was archived, ms since 1970. */
  archivedAt: z.number().nullable(),
  /** For failed and skipped: why, in a few words. */
  reason: z.string().nullable(),
});
export type TrackRow = z.infer<typeof trackRowSchema>;

/** One thing that is known to have happened, ms since 1970. */
const happeningSchema = z.object({
  at: z.number(),
  what: z.enum(['found', 'read', 'sent', 'archived', 'confirmed', 'failed']),
  /** In words, where there is more to say. */
  detail: z.string().nullable(),
});
export type TrackHappening = z.infer<typeof happeningSchema>;

export const trackDetailSchema = trackRowSchema.extend({
  /** Absolute, fit to be shown. */
  place: z.string(),
  library: z.string(),
  cover: coverSchema,
  modifiedAt: z.number(),
  /** In hex; null until it is read. */
  sha256: z.string().nullable(),
  md5: z.string().nullable(),
  /** As read from the file: a name for a person, and what it says. */
  tags: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Other places of the same bytes, fit to be shown; the first few. */
  twins: z.array(z.string()),
  song: z.object({ id: z.int(), archivedAt: z.number(), confirmedAt: z.number().nullable() }).nullable(),
  /** For failed, and for waiting where it was tried before. */
  failure: z
    .object({
      code: z.string(),
      message: z.string(),
      advice: z.string(),
      attempts: count,
      /** When it is tried again by itself; null: when somebody asks. */
      nextTry: z.number().nullable(),
    })
    .nullable(),
  /** The oldest first. */
  history: z.array(happeningSchema),
});
export type TrackDetail = z.infer<typeof trackDetailSchema>;

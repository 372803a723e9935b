import { z } from 'zod';
import { settingsSchema } from '../settings.ts';
import { coverSchema, idSchema } from './fields.ts';
import { nightSchema } from './pace.ts';

/**
 * What the page shows, as it is told to it at most four times a second. Counts are tracks unless the name says bytes;
 * times are ms since 1970.
 */

const count = z.int().nonnegative();

/** Disjoint parts of what is found, and their bytes where the page shows them. */
const standingSchema = z.object({
  found: count,
  archived: count,
  failed: count,
  skipped: count,
  waiting: count,
  bytesFound: count,
  bytesArchived: count,
  bytesWaiting: count,
});
export type PageStanding = z.infer<typeof standingSchema>;

const librarySchema = z.object({
  id: z.int(),
  /** Its folder, fit to be shown. */
  path: z.string(),
  /** Why it cannot be looked through now, in words; null while it can. */
  trouble: z.string().nullable(),
  standing: standingSchema,
});
export type PageLibrary = z.infer<typeof librarySchema>;

const archiveSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('here'),
    /** Where the copies are kept, fit to be shown. */
    place: z.string(),
    bytesFree: count,
    /** The copies lie on the disk of the music: a copy and no backup. */
    sameDisk: z.boolean(),
  }),
  z.object({ kind: z.literal('server'), place: z.string(), email: z.string() }),
]);
export type PageArchive = z.infer<typeof archiveSchema>;

const gateSchema = z.object({
  state: z.enum(['open', 'draining', 'closed']),
  reason: z
    .enum([
      'paused',
      'night',
      'battery',
      'offline',
      'archive_busy',
      'archive_full',
      'signed_out',
      'library_gone',
      'stopping',
    ])
    .optional(),
  message: z.string().optional(),
  nextChange: z.number().optional(),
});

const workSchema = z.object({
  scanning: z.boolean(),
  /**
   * All libraries were looked through since this work began, as far as they can be reached. Before that nobody can say
   * that all is archived, whatever the counts are.
   */
  looked: z.boolean(),
  gate: gateSchema,
  /** Tracks and bytes that this run sent. */
  sent: count,
  bytesSent: count,
  /** Over the last half minute. */
  bytesPerSecond: z.number().nonnegative(),
  filesPerSecond: z.number().nonnegative(),
  /** When the waiting will be done at this pace and in these hours; absent while that cannot be told. */
  endsAt: z.number().optional(),
  /** Whose bytes are on their way; at most as many as are shown. */
  inFlight: z.array(
    z.object({
      path: z.string(),
      bytes: count,
      sent: count,
      /** Empty where the tags name none. */
      title: z.string(),
      artist: z.string(),
      album: z.string(),
      cover: coverSchema,
    }),
  ),
});
export type PageWork = z.infer<typeof workSchema>;

export const pageStateSchema = z.object({
  libraries: z.array(librarySchema),
  /** null: nobody has chosen one yet. */
  archive: archiveSchema.nullable(),
  /** Of all libraries together. */
  standing: standingSchema,
  /** null: nothing is being archived, because nobody has said so yet or because `trouble` ended it. */
  work: workSchema.nullable(),
  /** What keeps everything from going on until somebody does something about it. */
  trouble: z.object({ code: z.string(), message: z.string() }).nullable(),
  settings: settingsSchema,
  /** Those of the work that is under way, the oldest first; empty while nothing waits and nothing was sent. */
  nights: z.array(nightSchema),
  /** Sentences that a person should read once, the oldest first. */
  notices: z.array(z.object({ id: idSchema, message: z.string() })),
});
export type PageState = z.infer<typeof pageStateSchema>;

import { z } from 'zod';

/** How it went, and how it is expected to go on. Times are ms since 1970. */

const count = z.int().nonnegative();

export const paceWantedSchema = z.strictObject({ hours: z.int().min(1).max(48) });

export const paceSchema = z.object({
  from: z.number(),
  /** How long each of the values below is. */
  stepMs: z.number().positive(),
  /** Sent in each step, the oldest first; the last one is under way. */
  bytes: z.array(count),
  tracks: z.array(count),
});
export type Pace = z.infer<typeof paceSchema>;

/**
 * A night of the work that is under way: from when it was begun until nothing waits any more. With hours of the night
 * it is those; without, a night is from noon to noon.
 */
export const nightSchema = z.object({
  kind: z.enum(['past', 'now', 'coming']),
  from: z.number(),
  to: z.number(),
  /** Archived in it so far. */
  tracks: count,
  bytes: count,
  /** Expected of it from now on; 0 for a past one. */
  tracksToCome: count,
  bytesToCome: count,
});
export type Night = z.infer<typeof nightSchema>;

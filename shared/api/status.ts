import { z } from 'zod';
import { PROCESSING_STATUSES } from './songs.ts';

export const archiveStatusSchema = z.object({
  songs: z.record(z.enum(PROCESSING_STATUSES), z.int()),
  queue: z.object({
    depth: z.int(),
    /** Age of the oldest job in seconds; null when the queue is empty. */
    oldest_seconds: z.number().nullable(),
  }),
  storage: z.object({
    used_bytes: z.int(),
    /** null where the store does not tell. */
    free_bytes: z.int().nullable(),
  }),
});
export type ArchiveStatus = z.infer<typeof archiveStatusSchema>;

export const healthSchema = z.object({ status: z.literal('ok') });

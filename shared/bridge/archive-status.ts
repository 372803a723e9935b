import { z } from 'zod';

/** How the archive itself stands, as it told last. */

const count = z.int().nonnegative();

export const archiveStatusSchema = z.object({
  place: z.string(),
  /** Who is signed in; null: the archive on this computer knows its person. */
  email: z.string().nullable(),
  signedIn: z.boolean(),
  /** When it answered last, ms since 1970; null: not since the program was started. */
  lastContact: z.number().nullable(),
  /** null: it does not tell, or cannot be reached now. */
  told: z
    .object({
      songs: z.object({
        queued: count,
        processing: count,
        needs_review: count,
        unreadable: count,
      }),
      queue: z.object({ depth: count, oldestSeconds: z.number().nullable() }),
      storage: z.object({ used: count, free: count.nullable() }),
    })
    .nullable(),
  /** Why there is nothing to tell, in words. */
  trouble: z.string().nullable(),
});
export type ArchiveStatus = z.infer<typeof archiveStatusSchema>;

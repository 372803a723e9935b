import { z } from 'zod';

/** What is going to be done, before Start. Counts are tracks unless the name says otherwise. */

const count = z.int().nonnegative();

export const planSchema = z.object({
  tracks: count,
  bytes: count,
  /** Of what is to be sent, the largest first. */
  formats: z.array(z.object({ name: z.string(), tracks: count, bytes: count })),
  /** Files that are not going to be sent, by reason in a sentence. */
  leftOut: z.array(z.object({ reason: z.string(), files: count, examples: z.array(z.string()) })),
  /** Files of other kinds, that are no music. */
  otherFiles: count,
  /** The archive has them already, as far as it is known before they are read. */
  archived: count,
  /** How long it takes, by what limits it: a line of this speed, a disk, or as it was measured here. */
  times: z.array(
    z.object({
      /** For a person: "a line of 20 Mbit/s". */
      pace: z.string(),
      seconds: z.number().nonnegative(),
      nights: count,
    }),
  ),
  /** Where the archive is on this computer: whether its disk has room for all of it. */
  room: z.object({ needed: count, free: count, enough: z.boolean() }).nullable(),
});
export type Plan = z.infer<typeof planSchema>;

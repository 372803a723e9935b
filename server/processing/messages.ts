import { z } from 'zod';

/** What the helper process is asked: read this file. */
export const readRequestSchema = z.strictObject({ job: z.int(), path: z.string() });
export type ReadRequest = z.infer<typeof readRequestSchema>;

const text = z.string().max(1000).nullable();
const number = z.int().min(0).max(9999).nullable();

export const mediaSchema = z.strictObject({
  title: text,
  artist: text,
  album: text,
  album_artist: text,
  composer: text,
  genre: text,
  year: number,
  track_number: number,
  disc_number: number,
  /** Seconds. */
  duration: z.number().nonnegative().nullable(),
  codec: text,
  /** Bits per second. */
  bit_rate: z.number().nonnegative().nullable(),
  has_artwork: z.boolean(),
});
/** What a file tells of itself. */
export type Media = z.infer<typeof mediaSchema>;

/** What the helper answers. It reads what strangers sent, so its answers are checked like a stranger's. */
export const readAnswerSchema = z.union([
  z.strictObject({ job: z.int(), media: mediaSchema }),
  z.strictObject({ job: z.int(), reason: z.string().max(500) }),
]);
export type ReadAnswer = z.infer<typeof readAnswerSchema>;

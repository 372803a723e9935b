import { z } from 'zod';

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
/** A cover is some 20 KB; more is not what we asked for. */
const LARGEST_BYTES = 512 * 1024;
const picture = bytes.refine(({ length }) => length > 0 && length <= LARGEST_BYTES);

/** What the helper process is asked: the picture of the album that this track is of. Paths are those of the library. */
export const lookRequestSchema = z.strictObject({
  job: z.int(),
  /** Absolute. */
  libraryPath: bytes,
  /** Relative to it. */
  folderPath: bytes,
  /** The track that stands for its album. */
  name: bytes,
  /** What the last look was made from; where that is still there, nothing is read. */
  stamp: z.string().nullable(),
});
export type LookRequest = z.infer<typeof lookRequestSchema>;

export const foundPictureSchema = z.strictObject({ colour: picture, grey: picture });
/** Both are WebP. */
export type FoundPicture = z.infer<typeof foundPictureSchema>;

/** What the helper answers. It reads what strangers made, so its answers are checked like a stranger's. */
export const lookAnswerSchema = z.discriminatedUnion('kind', [
  /** All is as it was. */
  z.strictObject({ kind: z.literal('same'), job: z.int() }),
  z.strictObject({
    kind: z.literal('looked'),
    job: z.int(),
    stamp: z.string().max(2000),
    /** null: there is none that can be shown. */
    picture: foundPictureSchema.nullable(),
  }),
  /** The track or its folder is not there now, or not to be read; nothing follows from that. */
  z.strictObject({ kind: z.literal('away'), job: z.int() }),
]);
export type LookAnswer = z.infer<typeof lookAnswerSchema>;

import { z } from 'zod';
import { byteSizeSchema, filenameSchema, sha256HexSchema } from './fields.ts';
import { problemSchema } from './problem.ts';

/** How far the archive's own reading of a song has come. `needs_review` is where it waits for a person. */
export const PROCESSING_STATUSES = ['queued', 'processing', 'needs_review', 'unreadable'] as const;
export const processingStatusSchema = z.enum(PROCESSING_STATUSES);
export type ProcessingStatus = z.infer<typeof processingStatusSchema>;

const text = z.string().max(1000);

/** Tags as the client read them. Every field may be missing. */
export const songMetadataSchema = z.strictObject({
  title: text.nullish(),
  artist: text.nullish(),
  album: text.nullish(),
  album_artist: text.nullish(),
  composer: text.nullish(),
  genre: text.nullish(),
  year: z.int().min(0).max(9999).nullish(),
  track_number: z.int().min(0).max(9999).nullish(),
  disc_number: z.int().min(0).max(9999).nullish(),
});
export type SongMetadata = z.infer<typeof songMetadataSchema>;

/** What every archive tells of a song; the optional part is what ours tells besides. */
export const songSchema = z.object({
  id: z.int(),
  title: z.string().nullish(),
  artist: z.string().nullish(),
  album: z.string().nullish(),
  original_filename: z.string().nullish(),
  content_type: z.string().nullish(),
  // The Rails archive has statuses of its own, so a client takes any word.
  processing_status: z.string(),
  processing_error: z.string().nullish(),
  created_at: z.string().nullish(),
  byte_size: z.int().nullish(),
  /** Base64 MD5. */
  checksum: z.string().nullish(),
  /** The archive's own SHA-256 of what it stored, in hex. */
  sha256: z.string().nullish(),
  album_artist: z.string().nullish(),
  composer: z.string().nullish(),
  genre: z.string().nullish(),
  year: z.int().nullish(),
  track_number: z.int().nullish(),
  disc_number: z.int().nullish(),
  /** Seconds. */
  duration: z.number().nullish(),
  codec: z.string().nullish(),
  /** Bits per second. */
  bit_rate: z.number().nullish(),
  has_artwork: z.boolean().nullish(),
});
export type Song = z.infer<typeof songSchema>;

export const songAnswerSchema = z.object({ song: songSchema });

export const recordItemSchema = z.strictObject({
  blob_signed_id: z.string().min(1).max(4096),
  filename: filenameSchema,
  metadata: songMetadataSchema.optional(),
});
export type RecordItem = z.infer<typeof recordItemSchema>;

export const recordsRequestSchema = z.strictObject({ items: z.array(recordItemSchema).min(1).max(1000) });
export const recordsAnswerSchema = z.object({
  results: z.array(
    z.union([
      z.object({ status: z.union([z.literal(200), z.literal(201)]), song: songSchema }),
      z.object({ status: z.int().min(400), problem: problemSchema }),
    ]),
  ),
});
export type RecordsAnswer = z.infer<typeof recordsAnswerSchema>;

const wholeNumber = z
  .string()
  .regex(/^[1-9][0-9]{0,8}$/)
  .transform(Number);

export const MAX_PER_PAGE = 200;

/** A query string carries only text, so here, and only here, digits become numbers. */
export const songListQuerySchema = z.strictObject({
  processing_status: processingStatusSchema.optional(),
  page: wholeNumber.optional(),
  per_page: wholeNumber.pipe(z.int().max(MAX_PER_PAGE)).optional(),
});
export const songListSchema = z.object({
  /** Songs that match in all, not on this page. */
  count: z.int(),
  page: z.int(),
  per_page: z.int(),
  /** Newest first. */
  songs: z.array(songSchema),
});
export type SongList = z.infer<typeof songListSchema>;

export const knownItemSchema = z.strictObject({ sha256: sha256HexSchema, byte_size: byteSizeSchema });
export type KnownItem = z.infer<typeof knownItemSchema>;
export const knownRequestSchema = z.strictObject({ items: z.array(knownItemSchema).min(1).max(1000) });

/** One entry per item, in the order of the items; null where the caller has no such song. */
export const knownAnswerSchema = z.object({ songs: z.array(songSchema.nullable()) });

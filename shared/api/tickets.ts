import { z } from 'zod';
import { byteSizeSchema, filenameSchema, md5Base64Schema, sha256HexSchema } from './fields.ts';
import { problemSchema } from './problem.ts';

/** What is to be uploaded. `sha256` is ours; `checksum` may be missing on ours and must be there on Rails. */
export const ticketItemSchema = z.strictObject({
  filename: filenameSchema,
  content_type: z.string().min(1).max(255),
  byte_size: byteSizeSchema,
  checksum: md5Base64Schema.nullish(),
  sha256: sha256HexSchema.nullish(),
});
export type TicketItem = z.infer<typeof ticketItemSchema>;

/** The plain shape of the guide, or the same inside `blob` as Rails' own JavaScript client sends it. */
export const ticketRequestSchema = z.union([ticketItemSchema, z.strictObject({ blob: ticketItemSchema })]);
export type TicketRequest = z.infer<typeof ticketRequestSchema>;

export const ticketSchema = z.object({
  id: z.int(),
  key: z.string(),
  filename: z.string(),
  content_type: z.string().nullable(),
  byte_size: z.int(),
  checksum: z.string().nullish(),
  created_at: z.string().optional(),
  signed_id: z.string().min(1),
  direct_upload: z.object({
    url: z.string().min(1),
    /** Sent with the PUT exactly as they are, nothing more but Content-Length. */
    headers: z.record(z.string(), z.string()),
    signed_id: z.string().optional(),
  }),
});
export type Ticket = z.infer<typeof ticketSchema>;

export const ticketsRequestSchema = z.strictObject({ items: z.array(ticketItemSchema).min(1).max(1000) });

/** One result per item, in the order of the items; `status` is what the single request would have answered. */
export const ticketsAnswerSchema = z.object({
  results: z.array(
    z.union([
      z.object({ status: z.literal(200), ticket: ticketSchema }),
      z.object({ status: z.int().min(400), problem: problemSchema }),
    ]),
  ),
});
export type TicketsAnswer = z.infer<typeof ticketsAnswerSchema>;

import { z } from 'zod';

export const API_PREFIX = '/api/v1';

export const FEATURES = ['refresh', 'batch', 'known', 'traditional', 'status'] as const;
export type Feature = (typeof FEATURES)[number];

/** `GET /api/v1`: what this archive is and can do beyond the baseline. An archive without it answers 404. */
export const discoverySchema = z.object({
  archive_id: z.uuid(),
  name: z.string(),
  version: z.string(),
  // A newer archive may have features that this client has not heard of.
  features: z.array(z.string()),
  limits: z.object({
    max_byte_size: z.int().positive(),
    /** Items in one batch request. */
    batch: z.int().positive(),
    content_types: z.array(z.string()),
  }),
});
export type Discovery = z.infer<typeof discoverySchema>;

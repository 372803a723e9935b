import { z } from 'zod';

/** Parts that several calls of the page share. */

export const idSchema = z.int().positive();

/** What a person types to find something; empty: everything. */
export const searchSchema = z.string().max(200);

/** A view that was opened; good until so many newer ones are open that it was given up. */
export const viewRefSchema = z.int().positive();

/** The longest slice of a view. */
export const LONGEST_PAGE = 200;

export const sliceSchema = z.strictObject({
  view: viewRefSchema,
  from: z.int().nonnegative(),
  count: z.int().min(1).max(LONGEST_PAGE),
});
export type Slice = z.infer<typeof sliceSchema>;

/**
 * The name that a cover is served by: `covers/NAME.webp`, and `covers/NAME-grey.webp` for the same without colour.
 * null: there is none, or nobody has looked yet; ask again later.
 */
export const coverSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .nullable();
export type Cover = z.infer<typeof coverSchema>;

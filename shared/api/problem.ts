import { z } from 'zod';

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457, with a stable `code`, and `error` for clients that know only the older shape. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  error: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

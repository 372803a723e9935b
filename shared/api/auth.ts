import { z } from 'zod';
import { timestampSchema } from './fields.ts';

export const ROLES = ['admin', 'moderator', 'member'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Longer passwords would let a stranger keep the hash function busy. */
export const PASSWORD_LENGTH = { min: 12, max: 256 } as const;

export const loginRequestSchema = z.strictObject({
  email: z.string().min(3).max(254),
  password: z.string().min(1).max(PASSWORD_LENGTH.max),
});
export type LoginRequest = z.infer<typeof loginRequestSchema>;

export const userSchema = z.object({
  id: z.int(),
  email: z.string(),
  // Another archive may know other roles; what we may do is decided by its answers, not by this word.
  role: z.string().optional(),
});

/** What a log-in and a refresh answer. Only an archive with the feature `refresh` sends the last two. */
export const sessionSchema = z.object({
  api_token: z.string().min(1),
  expires_at: z.string(),
  user: userSchema,
  refresh_token: z.string().optional(),
  refresh_expires_at: timestampSchema.optional(),
});
export type Session = z.infer<typeof sessionSchema>;

export const refreshRequestSchema = z.strictObject({ refresh_token: z.string().min(1).max(512) });
export type RefreshRequest = z.infer<typeof refreshRequestSchema>;

/** Ends the session of the bearer token and of the refresh token with it. Answered with 204. */
export const logoutRequestSchema = z.strictObject({ refresh_token: z.string().min(1).max(512).optional() });

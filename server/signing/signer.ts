import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../probe.ts';
import type { KeyRing, Purpose } from './keys.ts';

/**
 * Names one blob for the user who asked for it: the `signed_id` of a ticket. The number alone would not do: a database
 * that was put back from a backup gives the same numbers to other uploads.
 */
const blobClaimsSchema = z.strictObject({
  blob: z.int(),
  user: z.int(),
  key: z.string(),
  exp: z.int(),
});
/** Allows one PUT of exactly these bytes to one key. */
const putClaimsSchema = z.strictObject({
  blob: z.int(),
  user: z.int(),
  key: z.string(),
  type: z.string(),
  size: z.int(),
  md5: z.string().nullable(),
  sha256: z.string().nullable(),
  exp: z.int(),
});
const SCHEMAS = { blob: blobClaimsSchema, put: putClaimsSchema } as const satisfies Record<
  Purpose,
  z.ZodType
>;

export type Claims<P extends Purpose> = z.infer<(typeof SCHEMAS)[P]>;

export type Verdict<T> =
  | { readonly kind: 'valid'; readonly claims: T }
  | { readonly kind: 'expired' }
  | { readonly kind: 'invalid' };

export interface Signer {
  /** `v1.<payload>.<signature>`, valid for so many seconds. */
  sign<P extends Purpose>(purpose: P, claims: Omit<Claims<P>, 'exp'>, lifetimeSeconds: number): string;
  verify<P extends Purpose>(purpose: P, token: string): Verdict<Claims<P>>;
}

const MAX_TOKEN_LENGTH = 4096;

export const createSigner = (keys: KeyRing, clock: Clock): Signer => ({
  sign(purpose, claims, lifetimeSeconds) {
    const exp = Math.floor(clock() / 1000) + lifetimeSeconds;
    const payload = Buffer.from(JSON.stringify({ ...claims, exp })).toString('base64url');
    const [key] = keys(purpose);
    if (key === undefined) throw new Error('There is no signing key.');
    return `v1.${payload}.${signature(key, payload)}`;
  },
  verify(purpose, token) {
    if (token.length > MAX_TOKEN_LENGTH) return { kind: 'invalid' };
    const [version, payload, mac, ...rest] = token.split('.');
    if (version !== 'v1' || payload === undefined || mac === undefined || rest.length > 0) {
      return { kind: 'invalid' };
    }
    if (!keys(purpose).some((key) => equal(signature(key, payload), mac))) return { kind: 'invalid' };
    const parsed = SCHEMAS[purpose].safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    if (!parsed.success) return { kind: 'invalid' };
    const claims = parsed.data as Claims<typeof purpose>;
    return claims.exp * 1000 > clock() ? { kind: 'valid', claims } : { kind: 'expired' };
  },
});

const signature = (key: KeyObject, payload: string): string =>
  createHmac('sha256', key).update(`v1.${payload}`).digest('base64url');

/** Compares the text, not what it decodes to: several texts decode to the same bytes, and only one was signed. */
const equal = (a: string, b: string): boolean => {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
};

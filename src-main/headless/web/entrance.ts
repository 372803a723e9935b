import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who may see the page: whoever came by a link that this program printed. */
export interface Entrance {
  /** A new secret for a link; it is good once, and not for long. The one before it is good no more. */
  readonly newToken: () => string;
  /** What the browser shows from then on; undefined where the token is not good (any more). */
  readonly enter: (token: string) => string | undefined;
  readonly knows: (session: string | undefined) => boolean;
}

const BYTES = 32;
export const TOKEN_LIFE_MS = 15 * 60_000;

/** All in memory: when the program ends, nobody is let in by what is left in a browser. */
export const createEntrance = (monotonic: () => number): Entrance => {
  const sessions = new Set<string>();
  let open: { readonly hash: Buffer; readonly until: number } | undefined;
  return {
    newToken: () => {
      const token = randomBytes(BYTES).toString('base64url');
      open = { hash: hashOf(token), until: monotonic() + TOKEN_LIFE_MS };
      return token;
    },
    enter: (token) => {
      if (open === undefined || monotonic() > open.until || !timingSafeEqual(open.hash, hashOf(token)))
        return undefined;
      open = undefined;
      const session = randomBytes(BYTES).toString('base64url');
      sessions.add(hashOf(session).toString('base64url'));
      return session;
    },
    // A hash is compared, so the time it takes tells nothing of the secret.
    knows: (session) => session !== undefined && sessions.has(hashOf(session).toString('base64url')),
  };
};

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

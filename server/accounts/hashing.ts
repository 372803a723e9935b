import { hash, parseOptions, verify } from '@node-rs/argon2';
import { Refusal } from '../problems.ts';

/** OWASP's first choice for argon2id (the library's default algorithm): 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const AT_ONCE = 2;
const QUEUE = 20;

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /**
   * `before` runs when it is this check's turn, and may refuse. A check against no hash takes as long as any other,
   * so that nobody learns from the clock which accounts exist.
   */
  verify(stored: string | null, password: string, before: () => Promise<void>): Promise<boolean>;
  /** Whether a hash was made with other parameters than today's. */
  isOutdated(stored: string): boolean;
}

/** Hashing keeps a core and 19 MiB busy, so only two at a time; who would be the 23rd is asked to come back. */
export const createPasswordHasher = (): PasswordHasher => {
  const turn = createTurnstile(AT_ONCE, QUEUE);
  const decoy = hash('no account has this password', PARAMETERS);
  return {
    hash: (password) => turn(() => hash(password, PARAMETERS)),
    verify: (stored, password, before) =>
      turn(async () => {
        await before();
        const matches = await verify(stored ?? (await decoy), password);
        return stored !== null && matches;
      }),
    isOutdated: (stored) => {
      const used = parseOptions(stored);
      return used.memoryCost !== PARAMETERS.memoryCost || used.timeCost !== PARAMETERS.timeCost;
    },
  };
};

const createTurnstile = (atOnce: number, queue: number) => {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (inside >= atOnce) {
      if (waiting.length >= queue) {
        throw new Refusal('busy', 'Too many people are signing in right now. Please try again in a moment.', {
          retryAfterSeconds: 2,
        });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      inside += 1;
    }
    try {
      return await work();
    } finally {
      // The place is handed over, never free in between: nobody can slip in before the one who waited longest.
      const next = waiting.shift();
      if (next === undefined) inside -= 1;
      else next();
    }
  };
};

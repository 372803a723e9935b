import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { GroupedWrites } from '../database/grouped-writes.ts';
import type { Schema } from '../database/schema.ts';
import type { Clock } from '../probe.ts';

/** How many wrong passwords are free. */
const FREE_TRIES = { account: 5, address: 300 } as const;
const LONGEST_WAIT_MS = 15 * 60_000;
/** How long failures are remembered. */
export const FORGET_AFTER_MS = 24 * 3600_000;

/**
 * The wait after so many wrong passwords: 1 s, 2 s, 4 s … up to a quarter of an hour. It ends by itself, so nobody
 * can lock somebody else out for good.
 */
export const waitAfter = (failures: number, freeTries: number): number =>
  failures < freeTries ? 0 : Math.min(1000 * 2 ** Math.min(failures - freeTries, 20), LONGEST_WAIT_MS);

export interface LoginThrottle {
  /** Milliseconds until another try is allowed; 0: now. */
  waitFor(email: string, address: string): Promise<number>;
  /** Counts a wrong password. Tells whether the account has to wait from now on. */
  failed(email: string, address: string): Promise<{ readonly locked: boolean }>;
  succeeded(email: string): Promise<void>;
}

export const createLoginThrottle = (
  db: Kysely<Schema>,
  writes: GroupedWrites,
  clock: Clock,
): LoginThrottle => ({
  async waitFor(email, address) {
    const { until } = await db
      .selectFrom('login_throttle')
      .select((eb) => eb.fn.max('blocked_until').as('until'))
      .where('subject', 'in', [accountSubject(email), addressSubject(address)])
      .executeTakeFirstOrThrow();
    return Math.max(0, (until ?? 0) - clock());
  },

  failed: (email, address) =>
    writes.run(async (trx) => {
      const now = clock();
      const count = async (subject: string, freeTries: number): Promise<boolean> => {
        const row = await trx
          .selectFrom('login_throttle')
          .selectAll()
          .where('subject', '=', subject)
          .executeTakeFirst();
        const remembered = row !== undefined && now - row.last_failure_at < FORGET_AFTER_MS;
        const failures = (remembered ? row.failures : 0) + 1;
        const wait = waitAfter(failures, freeTries);
        const values = { failures, blocked_until: now + wait, last_failure_at: now };
        await trx
          .insertInto('login_throttle')
          .values({ subject, ...values })
          .onConflict((conflict) => conflict.column('subject').doUpdateSet(values))
          .execute();
        return wait > 0;
      };
      await count(addressSubject(address), FREE_TRIES.address);
      return { locked: await count(accountSubject(email), FREE_TRIES.account) };
    }),

  succeeded: (email) =>
    writes.run(async (trx) => {
      await trx.deleteFrom('login_throttle').where('subject', '=', accountSubject(email)).execute();
    }),
});

/** People type their password into the wrong field at times; so what was typed there is not kept. */
const accountSubject = (email: string): string =>
  `account:${createHash('sha256').update(email.toLowerCase()).digest('hex')}`;

const addressSubject = (address: string): string => `address:${address}`;

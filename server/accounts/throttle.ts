import { createHash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { GroupedWrites } from '../database/grouped-writes.ts';
import type { Schema } from '../database/schema.ts';
import { networkOf } from '../http/address.ts';
import type { Clock } from '../probe.ts';

/**
 * How many wrong passwords are free: for one account from one place, for one account from everywhere together, and for
 * one place and all accounts together.
 */
const FREE_TRIES = { accountFromAddress: 5, account: 200, address: 300 } as const;
/**
 * So many wrong passwords of one place count for the account as a whole. What comes later from there waits at that
 * place anyway; if it counted, a stranger who goes on and on would lock the owner out who is somewhere else.
 */
const COUNTED_FROM_ONE_ADDRESS = 20;
const LONGEST_WAIT_MS = 15 * 60_000;
/** How long failures are remembered. */
export const FORGET_AFTER_MS = 24 * 3600_000;

/**
 * The wait after so many wrong passwords: 1 s, 2 s, 4 s … up to a quarter of an hour. It ends by itself, so that
 * nobody is ever locked out for good.
 */
export const waitAfter = (failures: number, freeTries: number): number =>
  failures < freeTries ? 0 : Math.min(1000 * 2 ** Math.min(failures - freeTries, 20), LONGEST_WAIT_MS);

export interface LoginThrottle {
  /** Milliseconds until another try is allowed from this address; 0: now. */
  waitFor(email: string, address: string): Promise<number>;
  /** Counts a wrong password. Tells whether the next one for this account has to wait from now on. */
  failed(email: string, address: string): Promise<{ readonly locked: boolean }>;
  succeeded(email: string, address: string): Promise<void>;
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
      .where('subject', 'in', Object.values(subjectsOf(email, address)))
      .executeTakeFirstOrThrow();
    return Math.max(0, (until ?? 0) - clock());
  },

  failed: (email, address) =>
    writes.run(async (trx) => {
      const subjects = subjectsOf(email, address);
      await count(trx, clock(), subjects.address, FREE_TRIES.address);
      const here = await count(trx, clock(), subjects.accountFromAddress, FREE_TRIES.accountFromAddress);
      if (here.failures > COUNTED_FROM_ONE_ADDRESS) return { locked: true };
      const everywhere = await count(trx, clock(), subjects.account, FREE_TRIES.account);
      return { locked: here.locked || everywhere.locked };
    }),

  succeeded: (email, address) =>
    writes.run(async (trx) => {
      const { account, accountFromAddress } = subjectsOf(email, address);
      await trx.deleteFrom('login_throttle').where('subject', 'in', [account, accountFromAddress]).execute();
    }),
});

const count = async (
  trx: Transaction<Schema>,
  now: number,
  subject: string,
  freeTries: number,
): Promise<{ readonly failures: number; readonly locked: boolean }> => {
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
  return { failures, locked: wait > 0 };
};

const subjectsOf = (email: string, address: string) => {
  const account = `account:${accountDigest(email)}`;
  const place = networkOf(address);
  return { account, accountFromAddress: `${account} ${place}`, address: `address:${place}` } as const;
};

/** People type their password into the wrong field at times; so what was typed there is not kept. */
const accountDigest = (email: string): string =>
  createHash('sha256').update(email.toLowerCase()).digest('hex');

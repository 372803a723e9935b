import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Role, Session } from '../../shared/api/auth.ts';
import type { Audit } from '../audit.ts';
import type { GroupedWrites } from '../database/grouped-writes.ts';
import type { Schema, UserRow } from '../database/schema.ts';
import type { Clock } from '../probe.ts';
import { Refusal } from '../problems.ts';
import type { PasswordHasher } from './hashing.ts';
import { checkNewPassword } from './password-rules.ts';
import type { Sessions } from './sessions.ts';
import type { LoginThrottle } from './throttle.ts';
import { AccountError } from './account-error.ts';
import { demandAnotherAdmin } from './last-admin.ts';

export interface Account {
  readonly id: number;
  readonly email: string;
  readonly role: Role;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface Accounts {
  list(): Promise<readonly Account[]>;
  find(email: string): Promise<Account | undefined>;
  /** Without a password the account cannot log in; an embedding program opens its sessions. */
  add(account: { email: string; role: Role; password?: string }): Promise<Account>;
  /** The account with this address, made (with this role and without a password) where there is none. */
  ensure(account: { email: string; role: Role }): Promise<Account>;
  setRole(email: string, role: Role): Promise<void>;
  /** Also ends every session of the account. */
  setPassword(email: string, password: string): Promise<void>;
}

interface Dependencies {
  readonly db: Kysely<Schema>;
  readonly writes: GroupedWrites;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly audit: Audit;
}

export const createAccounts = ({ db, writes, hasher, clock, audit }: Dependencies): Accounts => {
  const insert = async (email: string, role: Role, hash: string | null): Promise<Account> => {
    const account = await writes.run(async (trx) => {
      const there = await trx.selectFrom('user').selectAll().where('email', '=', email).executeTakeFirst();
      if (there !== undefined) return undefined;
      return trx
        .insertInto('user')
        .values({ email, role, password_hash: hash, created_at: clock() })
        .returningAll()
        .executeTakeFirstOrThrow();
    });
    if (account === undefined) {
      throw new AccountError('account_exists', `There is an account for ${email} already.`);
    }
    audit('account_added', { user: account.id, role });
    return accountOf(account);
  };

  const change = async (email: string, values: { role?: Role; password_hash?: string }): Promise<number> => {
    const row = await writes.run(async (trx) => {
      if (values.role !== undefined && values.role !== 'admin') await demandAnotherAdmin(trx, email);
      const user = await trx
        .updateTable('user')
        .set(values)
        .where('email', '=', email.toLowerCase())
        .returning('id')
        .executeTakeFirst();
      if (user !== undefined && values.password_hash !== undefined) {
        await trx.deleteFrom('session').where('user_id', '=', user.id).execute();
      }
      return user;
    });
    if (row === undefined) throw unknownAccount(email);
    return row.id;
  };

  const accounts: Accounts = {
    async list() {
      return (await db.selectFrom('user').selectAll().orderBy('id').execute()).map(accountOf);
    },
    async find(email) {
      const row = await db
        .selectFrom('user')
        .selectAll()
        .where('email', '=', email.toLowerCase())
        .executeTakeFirst();
      return row === undefined ? undefined : accountOf(row);
    },
    async add({ email, role, password }) {
      const address = checkEmail(email);
      if (password === undefined) return insert(address, role, null);
      checkNewPassword(password, address);
      return insert(address, role, await hasher.hash(password));
    },
    async ensure({ email, role }) {
      return (await accounts.find(email)) ?? (await accounts.add({ email, role }));
    },
    async setRole(email, role) {
      const user = await change(email, { role });
      audit('role_changed', { user, role });
    },
    async setPassword(email, password) {
      checkNewPassword(password, email);
      const user = await change(email, { password_hash: await hasher.hash(password) });
      audit('password_changed', { user });
    },
  };
  return accounts;
};

/** Checks a password and opens a session. The answer to every kind of failure is the same. */
export const createLogin =
  ({ db, writes, hasher, audit }: Dependencies, sessions: Sessions, throttle: LoginThrottle) =>
  async (request: { email: string; password: string; address: string }): Promise<Session> => {
    const email = request.email.toLowerCase();
    const { address } = request;
    const refuseWhileLocked = async (): Promise<void> => {
      const wait = await throttle.waitFor(email, address);
      if (wait === 0) return;
      audit('login_throttled', { address });
      throw new Refusal('too_many_attempts', 'There were too many wrong passwords. Please wait a little.', {
        retryAfterSeconds: Math.ceil(wait / 1000),
      });
    };
    await refuseWhileLocked();
    const user = await db.selectFrom('user').selectAll().where('email', '=', email).executeTakeFirst();
    const right = await hasher.verify(user?.password_hash ?? null, request.password, refuseWhileLocked);
    if (user === undefined || !right) {
      const { locked } = await throttle.failed(email, address);
      audit(locked ? 'login_locked' : 'login_failed', { address, user: user?.id ?? null });
      throw new Refusal('invalid_credentials', 'E-mail or password is wrong.');
    }
    await throttle.succeeded(email, address);
    if (user.password_hash !== null && hasher.isOutdated(user.password_hash)) {
      const password_hash = await hasher.hash(request.password);
      await writes.run((trx) =>
        trx.updateTable('user').set({ password_hash }).where('id', '=', user.id).execute(),
      );
    }
    audit('login', { user: user.id, address });
    return sessions.open(user);
  };

export const unknownAccount = (email: string): AccountError =>
  new AccountError('account_unknown', `There is no account for ${email}.`);

const accountOf = (row: UserRow): Account => ({
  id: row.id,
  email: row.email,
  role: row.role,
  createdAt: row.created_at,
});

/** As it is kept. @throws AccountError */
export const checkEmail = (email: string): string => {
  const parsed = z.email().max(254).safeParse(email.trim().toLowerCase());
  if (!parsed.success) throw new AccountError('email_invalid', `${email} is not an e-mail address.`);
  return parsed.data;
};

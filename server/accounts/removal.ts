import type { Transaction } from 'kysely';
import type { Schema, UserRow } from '../database/schema.ts';
import type { Services } from '../services.ts';
import { discard, dropBlob } from '../songs/discard.ts';
import { AccountError } from './account-error.ts';
import { unknownAccount } from './accounts.ts';
import { demandAnotherAdmin } from './last-admin.ts';

type RemovalServices = Pick<Services, 'db' | 'writes' | 'store' | 'audit'>;

/** Requests that were under way when the sessions ended may still bring a ticket or two. */
const ROUNDS = 5;

/**
 * Removes an account that has no songs, with its sessions and the uploads that no song was made of. Songs never lose
 * their owner, and an archive never its last admin. Works beside a running archive.
 *
 * @throws AccountError
 */
export const removeAccount = async (services: RemovalServices, email: string): Promise<void> => {
  const { db, writes, store, audit } = services;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { user, removed } = await writes.run(async (trx) => {
      const account = await demandRemovable(trx, email);
      await trx.deleteFrom('session').where('user_id', '=', account.id).execute();
      const upload = await trx
        .selectFrom('blob')
        .select('id')
        .where('owner_id', '=', account.id)
        .limit(1)
        .executeTakeFirst();
      if (upload !== undefined) return { user: account, removed: false };
      await trx.deleteFrom('user').where('id', '=', account.id).execute();
      return { user: account, removed: true };
    });
    if (removed) {
      audit('account_removed', { user: user.id, role: user.role });
      return;
    }
    const unused = await db.selectFrom('blob').selectAll().where('owner_id', '=', user.id).execute();
    for (const blob of unused) {
      if (blob.state === 'removing') await dropBlob({ store, writes }, blob);
      else await discard({ store, writes }, blob);
    }
  }
  throw new AccountError(
    'account_in_use',
    `Something is being uploaded by ${email} right now. Please try again.`,
  );
};

const demandRemovable = async (trx: Transaction<Schema>, email: string): Promise<UserRow> => {
  const user = await trx
    .selectFrom('user')
    .selectAll()
    .where('email', '=', email.toLowerCase())
    .executeTakeFirst();
  if (user === undefined) throw unknownAccount(email);
  const { songs } = await trx
    .selectFrom('song')
    .select((eb) => eb.fn.countAll<number>().as('songs'))
    .where('owner_id', '=', user.id)
    .executeTakeFirstOrThrow();
  if (Number(songs) > 0) {
    throw new AccountError(
      'account_has_songs',
      `${email} has ${songs} ${Number(songs) === 1 ? 'song' : 'songs'} in this archive, and a song keeps its owner. To shut ` +
        `the account out and keep what it sent, give it the role member.`,
    );
  }
  await demandAnotherAdmin(trx, email);
  return user;
};

import type { Transaction } from 'kysely';
import type { BlobRow, Schema, UserRow } from '../database/schema.ts';
import type { Services } from '../services.ts';
import { discard, dropBlob } from '../songs/discard.ts';
import { StorageError } from '../storage/contract.ts';
import { AccountError, UploadsStuckError } from './account-error.ts';
import { unknownAccount } from './accounts.ts';
import { demandAnotherAdmin } from './last-admin.ts';

type RemovalServices = Pick<Services, 'db' | 'writes' | 'store' | 'audit'>;

/** Requests that were under way when the sessions ended may still bring a ticket or two. */
const ROUNDS = 5;

/**
 * Removes an account that has no songs, with its sessions and the uploads that no song was made of. Songs never lose
 * their owner, and an archive never its last admin. Works beside a running archive.
 *
 * @throws AccountError, UploadsStuckError
 */
export const removeAccount = async (services: RemovalServices, email: string): Promise<void> => {
  const { db, writes, audit } = services;
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
    const stuck = await removeUploads(services, unused);
    if (stuck > 0) throw new UploadsStuckError(user.email, stuck);
  }
  throw new AccountError(
    'account_in_use',
    `Something is being uploaded by ${email} right now. Please try again.`,
  );
};

/** How many the store would not let go of: one of them is no reason to keep all others. */
const removeUploads = async (services: RemovalServices, blobs: readonly BlobRow[]): Promise<number> => {
  let stuck = 0;
  for (const blob of blobs) {
    try {
      if (blob.state === 'removing') await dropBlob(services, blob);
      else await discard(services, blob);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      stuck += 1;
      services.audit('object_stuck', { key: blob.key, cause: error.systemCode });
    }
  }
  return stuck;
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

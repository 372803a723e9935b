import { FORGET_AFTER_MS } from '../accounts/throttle.ts';
import type { Services } from '../services.ts';
import { StorageError } from '../storage/contract.ts';
import { discard, dropBlob } from './discard.ts';

export interface CleanUpOptions {
  /** How old an unused blob must be. Without it: as old as the signed ids that could still turn it into a song. */
  readonly olderThanSeconds?: number;
  /** Whether to look through the whole store as well, which takes long where there is much. Yes, unless told. */
  readonly unknownObjects?: boolean;
}

export interface CleanUpReport {
  /** Blobs that no song was made of. */
  readonly blobs: number;
  /** Objects that no blob knew. */
  readonly objects: number;
  /** Objects that the store would not let go of. They are tried again next time. */
  readonly stuck: number;
  /** Sessions that are over. */
  readonly sessions: number;
}

export type CleanUpServices = Pick<Services, 'db' | 'writes' | 'store' | 'settings' | 'clock' | 'audit'>;

/** Resolves to whether the work was done. */
type Attempt = (key: string, work: () => Promise<boolean>) => Promise<boolean>;

const BATCH = 500;

/**
 * Removes what nobody will use any more. Safe while the archive runs and from another process beside it: each blob is
 * taken out of use by a compare-and-set that an upload or a record under way would lose or win as a whole.
 */
export const cleanUp = async (
  services: CleanUpServices,
  options: CleanUpOptions = {},
): Promise<CleanUpReport> => {
  let stuck = 0;
  /** One object that cannot be removed is no reason to leave all others. */
  const attempt: Attempt = async (key, work) => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      stuck += 1;
      services.audit('object_stuck', { key, cause: error.systemCode });
      return false;
    }
  };
  const blobs = await removeUnusedBlobs(services, options, attempt);
  const objects = options.unknownObjects === false ? 0 : await putUnknownAside(services, attempt);
  const report = { blobs, objects, stuck, sessions: await removeOldSessions(services) };
  services.audit('clean_up', report);
  return report;
};

const removeUnusedBlobs = async (
  services: CleanUpServices,
  options: CleanUpOptions,
  attempt: Attempt,
): Promise<number> => {
  const { db, settings, clock } = services;
  const age = options.olderThanSeconds ?? settings.signedIdLifetimeSeconds;
  const before = clock() - age * 1000;
  let removed = 0;
  // What a clean-up (or a record) began and did not finish.
  for (const blob of await db.selectFrom('blob').selectAll().where('state', '=', 'removing').execute()) {
    if (await attempt(blob.key, () => dropBlob(services, blob))) removed += 1;
  }
  for (let after = 0; ;) {
    const unused = await db
      .selectFrom('blob')
      .selectAll()
      .where('state', 'in', ['pending', 'uploaded'])
      .where('created_at', '<=', before)
      .where('id', '>', after)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    for (const blob of unused) {
      if (await attempt(blob.key, () => discard(services, blob))) removed += 1;
      after = blob.id;
    }
    if (unused.length < BATCH) return removed;
  }
};

/**
 * A blob's row is always older than its object and goes after it; so an object without one is nobody's. Or the database
 * is not the one that it was (lost, or an older copy): then these bytes are all there is. So they are put aside only.
 */
const putUnknownAside = async ({ db, store }: CleanUpServices, attempt: Attempt): Promise<number> => {
  let aside = 0;
  const sift = async (keys: readonly string[]): Promise<void> => {
    if (keys.length === 0) return;
    const rows = await db.selectFrom('blob').select('key').where('key', 'in', keys).execute();
    const known = new Set(rows.map((row) => row.key));
    for (const key of keys) {
      if (!known.has(key) && (await attempt(key, () => store.quarantine(key)))) aside += 1;
    }
  };
  let keys: string[] = [];
  for await (const key of store.list()) {
    keys.push(key);
    if (keys.length < BATCH) continue;
    await sift(keys);
    keys = [];
  }
  await sift(keys);
  return aside;
};

const removeOldSessions = async ({ writes, clock }: CleanUpServices): Promise<number> =>
  writes.run(async (trx) => {
    await trx
      .deleteFrom('login_throttle')
      .where('last_failure_at', '<=', clock() - FORGET_AFTER_MS)
      .execute();
    const { numDeletedRows } = await trx
      .deleteFrom('session')
      .where('access_expires_at', '<=', clock())
      .where('refresh_expires_at', '<=', clock())
      .executeTakeFirst();
    return Number(numDeletedRows);
  });

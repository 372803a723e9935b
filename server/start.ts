import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import type { Kysely } from 'kysely';
import { pino, type Logger } from 'pino';
import type { Session } from '../shared/api/auth.ts';
import type { Launch } from '../shared/launch.ts';
import { type Accounts, createAccounts, createLogin, unknownAccount } from './accounts/accounts.ts';
import { createPasswordHasher } from './accounts/hashing.ts';
import { createSessions } from './accounts/sessions.ts';
import { createLoginThrottle } from './accounts/throttle.ts';
import { archiveApp } from './app.ts';
import { createAudit } from './audit.ts';
import { type ArchiveConfig, checkConfig } from './config.ts';
import { createGroupedWrites } from './database/grouped-writes.ts';
import { DatabaseLostError, openDatabase } from './database/open.ts';
import type { Schema } from './database/schema.ts';
import { publicUrlFor } from './http/public-url.ts';
import { createTraffic } from './http/traffic.ts';
import { serverOptions } from './http/server-options.ts';
import { ownDataFolder } from './owner.ts';
import { createDispatcher } from './processing/dispatcher.ts';
import { createProcessingQueue } from './processing/queue.ts';
import { createMediaReader } from './processing/reader.ts';
import { type Clock, noProbe, type Probe } from './probe.ts';
import { regularly } from './regularly.ts';
import type { Services } from './services.ts';
import { loadKeyRing } from './signing/keys.ts';
import { createSigner } from './signing/signer.ts';
import { type CleanUpOptions, type CleanUpReport, cleanUp } from './songs/clean-up.ts';
import type { ObjectStore } from './storage/contract.ts';
import { createDiskStore } from './storage/disk.ts';
import { createSpace } from './storage/space.ts';

export interface StartOptions {
  readonly config: ArchiveConfig;
  readonly launch: Launch;
  /** Silent where none is given. */
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly probe?: Probe;
}

export interface RunningArchive {
  /** What clients are told to use, without a slash at the end. */
  readonly url: string;
  readonly archiveId: string;
  readonly accounts: Accounts;
  /** A session without a password, for the program that this archive runs inside of. */
  mintSession(email: string): Promise<Session>;
  cleanUp(options?: CleanUpOptions): Promise<CleanUpReport>;
  /** Resolves when the tags of every song have been read. */
  processed(): Promise<void>;
  /** Lets running requests finish, then stops. */
  close(): Promise<void>;
}

const CLOSE_WAIT_MS = 10_000;
const CLEAN_UP_EVERY_MS = 3600_000;

/** Opens the data folder, makes what is missing, and listens. Throws ConfigError, ArchiveInUseError, DatabaseOpenError. */
export const startArchive = async (options: StartOptions): Promise<RunningArchive> => {
  const settings = checkConfig(options.config);
  const { clock = Date.now, probe = noProbe, logger = pino({ level: 'silent' }) } = options;
  const dataDir = resolve(settings.dataDir);
  const cleanups: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const step of cleanups.splice(0).toReversed()) await step();
  };

  try {
    const owner = ownDataFolder(dataDir);
    cleanups.push(() => owner.release());
    const store = await createDiskStore(dataDir, probe);
    cleanups.push(() => store.close());
    const file = join(dataDir, 'archive.db');
    // Before one is made: what SQLite finds beside a new file (a log that may hold the last songs) it throws away.
    if (isEmptyOrMissing(file)) await demandNothingStored(store);
    const db = await openDatabase(file);
    cleanups.push(() => db.destroy());
    const swept = await store.sweep();

    const traffic = createTraffic();
    const writes = createGroupedWrites(db, () => traffic.requests > 1);
    cleanups.push(() => writes.settled());
    const audit = createAudit(logger);
    const hasher = createPasswordHasher();
    const base = { db, writes, settings, clock, audit, hasher };
    const sessions = createSessions(base);
    const accounts = createAccounts(base);
    const login = createLogin(base, sessions, createLoginThrottle(db, writes, clock));
    const signer = createSigner(loadKeyRing(dataDir), clock);

    const queue = createProcessingQueue(db, writes);
    const reader = createMediaReader(options.launch, {
      heapMiB: settings.readHeapMiB,
      timeoutSeconds: settings.readTimeoutSeconds,
    });
    const dispatcher = createDispatcher(queue, reader, store, logger);
    cleanups.push(() => dispatcher.stop());

    let url = settings.publicUrl ?? '';
    const services: Services = {
      archiveId: await archiveIdOf(db, store, clock),
      settings,
      publicUrl: () => url,
      db,
      writes,
      store,
      space: createSpace(store),
      signer,
      accounts,
      sessions,
      login,
      clock,
      probe,
      audit,
      logger,
      traffic,
      songQueued: () => dispatcher.wake(),
    };

    const baseLogger: FastifyBaseLogger = logger;
    const app = Fastify({ ...serverOptions(services), loggerInstance: baseLogger });
    cleanups.push(async () => {
      // Who is still sending after this time is cut off, and continues when the archive is back.
      const impatient = setTimeout(() => app.server.closeAllConnections(), CLOSE_WAIT_MS);
      await app.close();
      clearTimeout(impatient);
    });
    await app.register(archiveApp, { services });
    await app.listen({ host: settings.host, port: settings.port });
    url ||= publicUrlFor(app.server.address() as AddressInfo);
    url = url.replace(/\/+$/, '');
    // What was being read when the archive last stopped begins anew.
    await queue.putBack();
    dispatcher.wake();
    const cleaning = regularly(CLEAN_UP_EVERY_MS, () => cleanUp(services, { unknownObjects: false }), logger);
    cleanups.push(() => cleaning.stop());
    audit('archive_started', { url, dataDir, swept });
    cleanups.push(() => audit('archive_stopped'));

    return {
      url,
      archiveId: services.archiveId,
      accounts,
      async mintSession(email) {
        const account = await accounts.find(email);
        if (account === undefined) throw unknownAccount(email);
        audit('session_minted', { user: account.id });
        return sessions.open(account);
      },
      cleanUp: (cleanUpOptions) => cleanUp(services, cleanUpOptions),
      processed: () => dispatcher.idle(),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
};

const isEmptyOrMissing = (file: string): boolean =>
  (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;

/** Throws {@link DatabaseLostError} where files are stored that a new database would know nothing of. */
const demandNothingStored = async (store: Pick<ObjectStore, 'list'>): Promise<void> => {
  for await (const _key of store.list()) throw new DatabaseLostError();
};

/** The archive's name for itself, made once: addresses change, this never does. */
const archiveIdOf = async (
  db: Kysely<Schema>,
  store: Pick<ObjectStore, 'list'>,
  clock: Clock,
): Promise<string> => {
  const known = await db.selectFrom('archive').select('archive_id').executeTakeFirst();
  if (known !== undefined) return known.archive_id;
  await demandNothingStored(store);
  const archiveId = randomUUID();
  await db.insertInto('archive').values({ archive_id: archiveId, created_at: clock() }).execute();
  return archiveId;
};

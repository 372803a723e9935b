import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pino, type Logger } from 'pino';
import { type Accounts, createAccounts } from './accounts/accounts.ts';
import { createPasswordHasher } from './accounts/hashing.ts';
import { removeAccount } from './accounts/removal.ts';
import { createAudit } from './audit.ts';
import { checkConfig, ConfigError } from './config.ts';
import { createGroupedWrites } from './database/grouped-writes.ts';
import { openDatabase } from './database/open.ts';
import { type Clock, noProbe } from './probe.ts';
import { type CleanUpOptions, type CleanUpReport, cleanUp } from './songs/clean-up.ts';
import { type VerifyReport, verifyObjects } from './songs/verify.ts';
import { createDiskStore } from './storage/disk.ts';

export interface Maintenance {
  readonly accounts: Accounts;
  /** Throws an AccountError where the account must stay. */
  removeAccount(email: string): Promise<void>;
  cleanUp(options?: CleanUpOptions): Promise<CleanUpReport>;
  verify(options?: { readonly readBytes: boolean }): Promise<VerifyReport>;
  close(): Promise<void>;
}

interface Options {
  readonly dataDir: string;
  readonly logger?: Logger;
  readonly clock?: Clock;
}

/** What an admin does to an archive's data folder, whether the archive runs or not: it does not take ownership. */
export const openMaintenance = async (options: Options): Promise<Maintenance> => {
  const { clock = Date.now, logger = pino({ level: 'silent' }) } = options;
  const settings = checkConfig({ dataDir: options.dataDir });
  const file = join(resolve(options.dataDir), 'archive.db');
  if (!existsSync(file)) throw new ConfigError(`There is no archive in ${options.dataDir}.`);
  const db = await openDatabase(file);
  const writes = createGroupedWrites(db);
  const store = await createDiskStore(resolve(options.dataDir), noProbe);
  const audit = createAudit(logger);
  const services = { db, writes, store, settings, clock, audit };
  return {
    accounts: createAccounts({ ...services, hasher: createPasswordHasher() }),
    removeAccount: (email) => removeAccount(services, email),
    cleanUp: (cleanUpOptions) => cleanUp(services, cleanUpOptions),
    verify: (verifyOptions) => verifyObjects(services, verifyOptions),
    async close() {
      await writes.settled();
      await store.close();
      await db.destroy();
    },
  };
};

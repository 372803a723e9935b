import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { Database as Sqlite } from 'better-sqlite3';
import { systemCode } from '../errors.ts';
import { asLedgerError, LedgerDamagedError, LedgerNewerError } from './errors.ts';
import { migrate, newestVersion, versionOf } from './migrate.ts';
import { keepSalvaged, salvage, type Salvaged } from './salvage.ts';

export interface OpenedLedger {
  readonly db: Sqlite;
  readonly setAside?: SetAside;
}

/** A damaged ledger that was put aside, and what could be taken over from it. */
export interface SetAside {
  /** Where it lies now. */
  readonly path: string;
  readonly salvaged: Salvaged;
}

/** What becomes of a ledger that is damaged: only a run can build it anew, everybody else tells it. */
export type WhenDamaged = 'put_aside' | 'tell';

/**
 * Opens the ledger for its owner; makes it when there is none. A damaged one is put aside under another name and a
 * new one begins: the scan and the archive tell again what it knew, and what people had told it is taken over from it as
 * far as it can be read.
 * @throws LedgerNewerError, LedgerDiskError; LedgerDamagedError only where it is to be told
 */
export const openLedgerFile = (
  path: string,
  sqlFolder: string,
  now: Date,
  whenDamaged: WhenDamaged = 'put_aside',
): OpenedLedger => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    checkUnsuspected(path);
    finishReplacing(path);
    return { db: openChecked(path, sqlFolder) };
  } catch (error) {
    if (!(error instanceof LedgerDamagedError) || whenDamaged === 'tell') throw error;
    const salvaged = salvage(path);
    makeReplacement(path, sqlFolder, salvaged, now);
    const setAside = { path: putAside(path, now), salvaged };
    finishReplacing(path);
    return { db: openChecked(path, sqlFolder), setAside };
  }
};

/** The new ledger is whole before the damaged one is out of the way: a kill between the two loses nothing that was salvaged. */
const replacementOf = (path: string): string => `${path}.new`;

const makeReplacement = (path: string, sqlFolder: string, salvaged: Salvaged, now: Date): void => {
  const replacement = replacementOf(path);
  for (const suffix of DATABASE_FILES) rmSync(replacement + suffix, { force: true });
  const db = openChecked(replacement, sqlFolder);
  try {
    keepSalvaged(db, salvaged, now.getTime());
  } finally {
    // Leaves one file: the last to close brings the log into it.
    db.close();
  }
};

const finishReplacing = (path: string): void => {
  if (!existsSync(path) && existsSync(replacementOf(path))) renameSync(replacementOf(path), path);
};

/**
 * Opens the ledger beside its owner, only to read; undefined where there is none yet.
 * @throws LedgerNewerError, LedgerDamagedError, LedgerDiskError
 */
export const openLedgerForReading = (path: string, sqlFolder: string): Sqlite | undefined => {
  if (!existsSync(path)) return undefined;
  let db: Sqlite | undefined;
  try {
    checkUnsuspected(path);
    db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
    const version = versionOf(db);
    const newest = newestVersion(sqlFolder);
    if (version > newest) throw new LedgerNewerError(path, version, newest);
    // Made a moment ago, and its owner has not got to the tables yet.
    if (version > 0) return db;
    db.close();
    return undefined;
  } catch (error) {
    db?.close();
    throw asLedgerError(path, error);
  }
};

const openChecked = (path: string, sqlFolder: string): Sqlite => {
  let db: Sqlite | undefined;
  try {
    db = new Database(path, { timeout: 5000 });
    db.pragma('journal_mode = WAL');
    // FULL: what we say is kept must be kept after a power cut too. The cost is shared by grouped commits.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('cache_size = -8000');
    db.pragma('temp_store = MEMORY');
    checkHealth(db);
    readSchema(db);
    migrate(db, sqlFolder);
    return db;
  } catch (error) {
    db?.close();
    throw asLedgerError(path, error);
  }
};

/**
 * What was thrown while a ledger was in use, told as what it means for a person. That it is damaged is noted too, so
 * that the next run puts it aside: a small one would be found out again by itself, a large one is not looked through
 * at every start.
 */
export const ledgerTrouble = (path: string, thrown: unknown): unknown => {
  const error = asLedgerError(path, thrown);
  if (error instanceof LedgerDamagedError) noteDamage(path);
  return error;
};

const noteDamage = (path: string): void => {
  try {
    writeFileSync(suspicionOf(path), '');
  } catch (error) {
    // Who may only read here cannot leave a note; the run that meets the damage leaves its own.
    if (systemCode(error) === undefined) throw error;
  }
};

const suspicionOf = (path: string): string => `${path}.damaged`;

const checkUnsuspected = (path: string): void => {
  if (existsSync(suspicionOf(path))) throw new LedgerDamagedError(path, new Error('found so before'));
};

/** SQLite opens a file without looking at its tables; a list of them that cannot be read shows here and not later. */
const readSchema = (db: Sqlite): void => void db.prepare('SELECT count(*) FROM sqlite_schema').get();

/** A quick look at every page costs too much on each start of a large ledger; SQLite tells of a torn one by itself. */
const checkHealth = (db: Sqlite): void => {
  const size =
    (db.pragma('page_count', { simple: true }) as number) *
    (db.pragma('page_size', { simple: true }) as number);
  if (size > FULL_CHECK_BYTES) return;
  const verdict = db.pragma('quick_check(1)', { simple: true });
  if (verdict !== 'ok') throw new LedgerDamagedError(db.name, new Error(String(verdict)));
};
const FULL_CHECK_BYTES = 64 * 1024 * 1024;

const DATABASE_FILES = ['', '-wal', '-shm'];

const putAside = (path: string, now: Date): string => {
  const stamp = now.toISOString().replaceAll(/[:.]/g, '-');
  const aside = `${path}.corrupt-${stamp}`;
  for (const suffix of DATABASE_FILES)
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  rmSync(suspicionOf(path), { force: true });
  return aside;
};

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { LedgerInUseError } from './errors.ts';

export interface Ownership {
  /** Gives the folder free. The system does so too when the process dies. */
  readonly release: () => void;
}

/** A database that nobody refers to any more is closed by the garbage collector, and with it the folder would be free. */
const taken = new Set<Database.Database>();

/**
 * Takes the data folder for this process: an exclusive transaction on a small database, which the system frees when
 * its owner dies, however that happens. The note beside it says who the owner is, for people.
 * @throws LedgerInUseError when another process has it.
 */
export const takeOwnership = (folder: string, who: string): Ownership => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const note = join(folder, 'owner.txt');
  const db = new Database(join(folder, 'owner.db'), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY')
      throw new LedgerInUseError(folder, readNote(note));
    throw error;
  }
  writeFileSync(note, `${who}, process ${process.pid}`, { mode: 0o600 });
  taken.add(db);
  return {
    release: () => {
      taken.delete(db);
      db.close();
    },
  };
};

/** Who has the data folder now, in a few words; undefined when nobody has. Changes nothing. */
export const ownerOf = (folder: string): string | undefined => {
  const path = join(folder, 'owner.db');
  if (!existsSync(path)) return undefined;
  const db = new Database(path, { readonly: true, timeout: 0 });
  try {
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY')
      return readNote(join(folder, 'owner.txt'));
    throw error;
  } finally {
    db.close();
  }
};

const readNote = (note: string): string => {
  try {
    return readFileSync(note, 'utf8').trim() || 'another process';
  } catch {
    // The owner may not have written it yet; who it is matters less than that there is one.
    return 'another process';
  }
};

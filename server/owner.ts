import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export class ArchiveInUseError extends Error {
  readonly code = 'archive_in_use';
  override readonly name = 'ArchiveInUseError';
}

export interface Ownership {
  release(): void;
}

/**
 * Makes this process the one owner of a data folder, until {@link Ownership.release} or its death: the lock is an
 * open transaction, which the system ends with the process, however it ends. Throws {@link ArchiveInUseError}.
 */
export const ownDataFolder = (dataDir: string): Ownership => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = new Database(join(dataDir, 'owner.db'), { timeout: 0 });
  // Only a word for people; the lock alone decides.
  const note = join(dataDir, 'owner.txt');
  try {
    lock.exec('begin exclusive');
  } catch (cause) {
    lock.close();
    if (!(cause instanceof Database.SqliteError) || !cause.code.startsWith('SQLITE_BUSY')) throw cause;
    const owner = existsSync(note) ? ` (${readFileSync(note, 'utf8').trim()})` : '';
    throw new ArchiveInUseError(
      `The archive in ${dataDir} is running already${owner}. Stop it first, or use another folder.`,
      { cause },
    );
  }
  writeFileSync(note, `process ${process.pid} on ${hostname()}\n`, { mode: 0o600 });
  return {
    release() {
      if (!lock.open) return;
      lock.exec('rollback');
      lock.close();
    },
  };
};

import Database from 'better-sqlite3';
import { Kysely, SqliteAdapter, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';

export class DatabaseOpenError extends Error {
  readonly code = 'database_unusable';
  override readonly name = 'DatabaseOpenError';
}

/** The stored files are there and the database that knows whose they are is not. */
export class DatabaseLostError extends DatabaseOpenError {
  constructor() {
    super(
      'There are stored files here, but the database that belongs to them (archive.db) is missing. Put it back from a backup. To begin anew without them, move the folder objects away.',
    );
  }
}

/** How long SQLite itself waits for another process's lock: short, for it keeps the whole process waiting. */
const BUSY_TIMEOUT_MS = 200;
/** While nothing is served yet there is time to wait. */
const BUSY_TIMEOUT_AT_OPEN_MS = 10_000;

/** Opens (and makes, or brings up to date) the database file. Safe beside another process that has it open. */
export const openDatabase = async (file: string): Promise<Kysely<Schema>> => {
  const sqlite = openFile(file);
  const db = new Kysely<Schema>({ dialect: new AtomicSqliteDialect({ database: prepared(sqlite) }) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await db.destroy();
    throw new DatabaseOpenError(
      `The archive's database ${file} could not be brought up to date. It may come from a newer version.`,
      { cause: error },
    );
  }
  sqlite.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return db;
};

/**
 * SQLite can take back changes to its tables, but Kysely's own adapter does not rely on that and migrates without a
 * transaction: a death in the middle would leave tables that no later start could bring up to date.
 */
class AtomicSqliteDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new AtomicSqliteAdapter();
  }
}
class AtomicSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

const openFile = (file: string): Database.Database => {
  try {
    const sqlite = new Database(file, { timeout: BUSY_TIMEOUT_AT_OPEN_MS });
    sqlite.pragma('journal_mode = WAL');
    // FULL: what was answered must still be there after a power cut.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    return sqlite;
  } catch (cause) {
    throw new DatabaseOpenError(`The archive's database ${file} cannot be opened.`, { cause });
  }
};

/**
 * Prepares each statement once. And every transaction here is one that writes, so it takes the write lock at its
 * beginning: one that read first could not wait for another process's lock any more.
 */
const prepared = (sqlite: Database.Database): SqliteDatabase => {
  const statements = new Map<string, SqliteStatement>();
  return {
    prepare(text) {
      const sql = text === 'begin' ? 'begin immediate' : text;
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = sqlite.prepare(sql);
      if (statements.size < 500) statements.set(sql, statement);
      return statement;
    },
    close: () => void sqlite.close(),
  };
};

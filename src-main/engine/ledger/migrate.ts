import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { LedgerNewerError } from './errors.ts';

/** Numbered files `0001-name.sql`; the number is the schema version that the file leads to. */
const migrationsIn = (folder: string): readonly { readonly version: number; readonly sql: () => string }[] =>
  readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .toSorted()
    .map((name) => ({
      version: Number(name.slice(0, 4)),
      sql: () => readFileSync(join(folder, name), 'utf8'),
    }));

/** The schema version that this program knows; older ones it brings up to it. */
export const newestVersion = (sqlFolder: string): number => migrationsIn(sqlFolder).at(-1)?.version ?? 0;

export const versionOf = (db: Database): number => db.pragma('user_version', { simple: true }) as number;

/**
 * Brings the database to the newest schema, each step in a transaction of its own.
 * @throws LedgerNewerError when the ledger is newer than this program.
 */
export const migrate = (db: Database, sqlFolder: string): void => {
  const migrations = migrationsIn(sqlFolder);
  const newest = migrations.at(-1)?.version ?? 0;
  const current = versionOf(db);
  if (current > newest) throw new LedgerNewerError(db.name, current, newest);
  for (const { version, sql } of migrations) {
    if (version <= current) continue;
    db.transaction(() => {
      db.exec(sql());
      db.pragma(`user_version = ${version}`);
      // foreign_key_check reports by rows, not by an error.
      const broken = db.pragma('foreign_key_check') as readonly unknown[];
      if (broken.length > 0)
        throw new Error(`migration ${version} leaves ${broken.length} broken references`);
    })();
  }
};

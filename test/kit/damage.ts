import { closeSync, openSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';

const PAGE = 4096;

/** Rubbish over every page of these tables and indexes; the list of tables and everything else stays whole. */
const damagePages = (path: string, which: string, names: readonly string[]): void => {
  const db = new Database(path);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const pages = db
    .prepare<[string], { pageno: number }>(
      `SELECT pageno FROM dbstat WHERE name IN
         (SELECT name FROM sqlite_schema WHERE ${which} IN (SELECT value FROM json_each(?)))`,
    )
    .all(JSON.stringify(names));
  db.close();
  if (pages.length === 0) throw new Error(`nothing of ${names.join(', ')} is in ${path}`);
  const file = openSync(path, 'r+');
  for (const { pageno } of pages) writeSync(file, Buffer.alloc(PAGE, 0xa5), 0, PAGE, (pageno - 1) * PAGE);
  closeSync(file);
};

/** These tables, and all of their indexes. */
export const damageTables = (path: string, tables: readonly string[]): void =>
  damagePages(path, 'tbl_name', tables);

/** These tables or indexes alone. */
export const damageAlone = (path: string, names: readonly string[]): void => damagePages(path, 'name', names);

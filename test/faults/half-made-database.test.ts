import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openDatabase } from '../../server/database/open.ts';
import { testFolder } from '../kit/test-folder.ts';

const tablesIn = (file: string): readonly string[] => {
  const db = new Database(file, { readonly: true });
  try {
    return db
      .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .all()
      .map(({ name }) => name)
      .filter((name) => !/^(sqlite|kysely)_/.test(name));
  } finally {
    db.close();
  }
};

const inFile = (file: string, sql: string): void => {
  const db = new Database(file);
  db.exec(sql);
  db.close();
};

test('tables that could not all be made are not made at all, so that the next start can make them', async () => {
  const file = join(testFolder(), 'archive.db');
  // Stands in the way of the last table of the first step.
  inFile(file, 'CREATE TABLE song (in_the_way TEXT)');
  await expect(openDatabase(file)).rejects.toThrow(/could not be brought up to date/);
  expect(tablesIn(file)).toEqual(['song']);

  inFile(file, 'DROP TABLE song');
  const db = await openDatabase(file);
  await db.destroy();
  expect(tablesIn(file)).toEqual(['archive', 'blob', 'login_throttle', 'session', 'song', 'user']);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { ledgerPath, openLedger } from '../../../src-main/engine/ledger/ledger.ts';
import { obey } from '../../../src-main/engine/ledger/obey.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { testFolder } from '../../kit/test-folder.ts';

const SQL = nodeLaunch.sqlFolder('ledger');

/** A ledger as the program wrote it that knew nothing of leaving out: one track of each outcome, two that failed. */
const oldLedger = (): string => {
  const folder = testFolder('data');
  const db = new Database(ledgerPath(folder));
  for (const file of ['0001-first', '0002-settings', '0003-recheck'])
    db.exec(readFileSync(join(SQL, `${file}.sql`), 'utf8'));
  db.pragma('user_version = 3');
  db.exec(`
    INSERT INTO library (id, path, added_at) VALUES (1, x'2f6d', 1);
    INSERT INTO folder (id, library_id, path) VALUES (1, 1, x'61');
    INSERT INTO archive (id, identity, url, added_at) VALUES (1, 'one', 'http://one', 1), (2, 'two', 'http://two', 1);`);
  const content = db.prepare(
    `INSERT INTO content (id, sha256, byte_size, md5, tags) VALUES (?, ?, 10, x'00', '{}')`,
  );
  const track =
    db.prepare(`INSERT INTO track (id, library_id, folder_id, name, byte_size, mtime_ns, ctime_ns, inode, state, reason, content_id, found_run)
    VALUES (?, 1, 1, ?, 10, 1, 1, 1, ?, ?, ?, 1)`);
  for (const id of [1, 2, 3, 4]) {
    content.run(id, Buffer.alloc(32, id));
    track.run(id, Buffer.from(`${id}.mp3`), 'found', null, id);
  }
  track.run(5, Buffer.from('5.mp3'), 'failed', 'read_error', null);
  track.run(6, Buffer.from('6.mp3'), 'skipped', 'empty', null);
  const holding =
    db.prepare(`INSERT INTO holding (archive_id, content_id, state, song_id, signed_id, record_name, attempts, failure_class, failure_code, failure_message)
    VALUES (?, ?, ?, ?, 'signed', 'name', 3, ?, ?, ?)`);
  holding.run(1, 1, 'archived', 7, null, null, null);
  holding.run(1, 2, 'failed', null, 'refused', 'too_large', 'Too large.');
  holding.run(1, 3, 'failed', null, 'person', 'differs', 'Differs.');
  holding.run(1, 4, 'open', null, null, null, null);
  holding.run(2, 2, 'archived', 9, null, null, null);
  db.close();
  return folder;
};

const rows = (path: string, sql: string): readonly unknown[] => {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
};

test('a ledger of an older version keeps every row, every tally, and what keeps them', async () => {
  const folder = oldLedger();
  const path = ledgerPath(folder);
  const [holdings, tallies] = ['SELECT * FROM holding ORDER BY id', 'SELECT * FROM tally ORDER BY 1, 2, 3'];
  const before = [rows(path, holdings), rows(path, tallies)];
  const indexes = `SELECT name FROM sqlite_schema WHERE type IN ('index', 'trigger') AND name NOT LIKE 'sqlite_%' ORDER BY 1`;
  const names = rows(path, indexes);
  const ledger = openLedger(folder, SQL, new Date());
  expect([rows(path, holdings), rows(path, tallies)]).toEqual(before);
  expect(rows(path, indexes)).toEqual(expect.arrayContaining([...names]));
  await ledger.commit(() => ledger.holdings.archived(4, 100, 5));
  expect(ledger.totals(1, [1])).toMatchObject({ archived: 2, failed: 3, skipped: 1, waiting: 0 });
  await ledger.close();
});

test('what one archive did not take is left out there alone, and taken back by its code', async () => {
  const folder = oldLedger();
  const ledger = openLedger(folder, SQL, new Date());
  const left = await ledger.commit(() => ledger.holdings.ignore(1, undefined, 'too_large'));
  expect(left).toBe(1);
  expect(ledger.totals(1, [1])).toMatchObject({ archived: 1, failed: 2, skipped: 2, waiting: 1 });
  expect(ledger.totals(2, [1])).toMatchObject({ archived: 1, failed: 1, skipped: 1, waiting: 3 });
  // What waits has not failed, and a new run brings nothing back by itself.
  await ledger.commit(() => ledger.holdings.reopen(1));
  expect(ledger.totals(1, [1])).toMatchObject({ archived: 1, failed: 1, skipped: 2, waiting: 2 });
  await ledger.commit(() => ledger.holdings.takeBack(1, undefined, 'differs'));
  expect(ledger.totals(1, [1])).toMatchObject({ skipped: 2 });
  await ledger.commit(() => ledger.holdings.takeBack(1, undefined, 'too_large'));
  expect(ledger.totals(1, [1])).toMatchObject({ archived: 1, failed: 1, skipped: 1, waiting: 3 });
  expect(ledger.holdings.fresh(1, [1], 0, 10).map(({ contentId }) => contentId)).toContain(2);
  await ledger.close();
});

test('a single track that failed or was left out is tried again, and no other with the same cause', async () => {
  const folder = oldLedger();
  const ledger = openLedger(folder, SQL, new Date());
  const retry = (trackId: number) => ledger.commit(() => obey(ledger, { kind: 'retry_track', trackId }));
  const standing = () => {
    const { archived, failed, skipped, waiting } = ledger.totals(1, [1]);
    return { archived, failed, skipped, waiting };
  };
  expect(standing()).toEqual({ archived: 1, failed: 3, skipped: 1, waiting: 1 });
  expect(await retry(2)).toBe(1);
  expect(standing()).toEqual({ archived: 1, failed: 2, skipped: 1, waiting: 2 });
  // What the other archive has stays so.
  expect(ledger.totals(2, [1])).toMatchObject({ archived: 1 });
  expect(await retry(5)).toBe(1);
  expect(standing()).toEqual({ archived: 1, failed: 1, skipped: 1, waiting: 3 });

  await ledger.commit(() => {
    ledger.holdings.failed(2, { class: 'refused', code: 'too_large', message: 'Too large.' });
    obey(ledger, { kind: 'ignore' });
  });
  expect(standing()).toEqual({ archived: 1, failed: 0, skipped: 3, waiting: 2 });
  expect(await retry(3)).toBe(1);
  expect(standing()).toEqual({ archived: 1, failed: 0, skipped: 2, waiting: 3 });

  // Archived, waiting, no music, or no track at all: there is nothing to try again.
  for (const id of [1, 4, 6, 99]) expect(await retry(id)).toBe(0);
  expect(standing()).toEqual({ archived: 1, failed: 0, skipped: 2, waiting: 3 });
  await ledger.close();
});

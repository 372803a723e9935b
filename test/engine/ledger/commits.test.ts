import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createCommits } from '../../../src-main/engine/ledger/commits.ts';
import { testFolder } from '../../kit/test-folder.ts';

const open = () => {
  const path = join(testFolder('commits'), 'x.db');
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT');
  const beside = new Database(path, { readonly: true });
  onTestFinished(() => {
    beside.close();
    db.close();
  });
  const insert = db.prepare<[number]>('INSERT INTO t VALUES (?)');
  const rows = (): number[] =>
    beside
      .prepare<[], { n: number }>('SELECT n FROM t ORDER BY n')
      .all()
      .map(({ n }) => n);
  return { db, commits: createCommits(db), add: (n: number) => insert.run(n).changes, rows };
};

test('what was resolved is there for everybody who looks', async () => {
  const { commits, add, rows } = open();
  expect(await commits.commit(() => add(1) * 10)).toBe(10);
  expect(rows()).toEqual([1]);
});

test('writes that come together share one transaction, and each gets its own result', async () => {
  const { db, commits, add, rows } = open();
  const transaction = vi.spyOn(db, 'transaction');
  const results = await Promise.all(Array.from({ length: 100 }, (_, n) => commits.commit(() => add(n) + n)));
  expect(results).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  expect(rows()).toHaveLength(100);
  expect(transaction.mock.calls.length).toBeLessThanOrEqual(2);
});

test('a bad write among good ones is undone and rejected alone', async () => {
  const { commits, add, rows } = open();
  const outcomes = await Promise.allSettled([
    commits.commit(() => add(1)),
    commits.commit(() => {
      add(2);
      throw new Error('changed my mind');
    }),
    commits.commit(() => add(1)),
    commits.commit(() => add(3)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { message: 'changed my mind' } });
  expect(outcomes[2]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } });
  expect(rows()).toEqual([1, 3]);
});

test('a full disk rejects what could not be written, in words for a person, and keeps what was', async () => {
  const { db, commits, add, rows } = open();
  await commits.commit(() => add(1));
  db.pragma(`max_page_count = ${String(db.pragma('page_count', { simple: true }))}`);
  const insertMany = (): void => {
    for (let n = 10; n < 5_000; n += 1) add(n);
  };
  await expect(commits.commit(insertMany)).rejects.toMatchObject({ code: 'ledger_disk' });
  expect(rows()).toEqual([1]);
  db.pragma('max_page_count = 100000');
  await commits.commit(() => add(2));
  expect(rows()).toEqual([1, 2]);
});

test('flush waits for everything that was given before it, also by writes that came while one was under way', async () => {
  const { commits, add, rows } = open();
  const given = Array.from({ length: 20 }, (_, n) => commits.commit(() => add(n)));
  void given[0]?.then(() => commits.commit(() => add(100)));
  await commits.flush();
  expect(rows().length).toBeGreaterThanOrEqual(20);
  await given[0];
  await commits.flush();
  expect(rows()).toContain(100);
});

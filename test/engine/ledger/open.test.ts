import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { LedgerInUseError, LedgerNewerError } from '../../../src-main/engine/ledger/errors.ts';
import { leaveMessage } from '../../../src-main/engine/ledger/inbox.ts';
import { openLedger, type Ledger } from '../../../src-main/engine/ledger/ledger.ts';
import { takeOwnership } from '../../../src-main/engine/ledger/owner.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { expectHolds, startArchiveWorld } from '../../kit/archive-world.ts';
import { openEngine } from '../../kit/engine.ts';
import { sha256OfFile } from '../../kit/hash.ts';
import { isAlive, killProcess, waitForExit } from '../../kit/processes.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';

const open = (folder: string, now = new Date()): Ledger => {
  const ledger = openLedger(folder, nodeLaunch.sqlFolder('ledger'), now);
  onTestFinished(() => ledger.close().catch(() => undefined));
  return ledger;
};

const names = (folder: string): readonly string[] => readdirSync(folder).toSorted();

test('a ledger of a newer version is refused and left exactly as it is', async () => {
  const folder = testFolder('ledger');
  await open(folder).close();
  const path = join(folder, 'ledger.db');
  const db = new Database(path);
  db.pragma('user_version = 9999');
  db.close();
  const [before, entries] = [sha256OfFile(path), names(folder)];
  expect(() => open(folder)).toThrow(LedgerNewerError);
  expect(sha256OfFile(path)).toBe(before);
  expect(names(folder)).toEqual(entries);
});

test('a ledger that is kept is the same when it is opened again', async () => {
  const folder = testFolder('ledger');
  const first = open(folder);
  const library = await first.commit(() => first.libraries.ensure(Buffer.from('/music'), 1));
  await first.close();
  const second = open(folder);
  expect(second.setAside).toBeUndefined();
  expect(second.libraries.all().map(({ id }) => id)).toEqual([library.id]);
});

const overwrite = (path: string, at: number, bytes: number): void => {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(bytes, 0xa5), 0, bytes, at);
  closeSync(file);
};

test.each([
  { what: 'with pages written over', damage: (path: string) => overwrite(path, 3 * 4096, 2 * 4096) },
  { what: 'that is no database at all', damage: (path: string) => writeFileSync(path, 'x'.repeat(20_000)) },
  { what: 'with its beginning written over', damage: (path: string) => overwrite(path, 0, 4096) },
])(
  'a ledger $what is put aside under its date, and built anew from files and archive without a byte sent',
  async ({ damage }) => {
    const world = await startArchiveWorld();
    const [folder, data] = [testFolder('library'), testFolder('data')];
    const songs = writeSongs(folder, 6);
    const options = {
      dataFolder: data,
      url: world.proxy.origin,
      credentials: world.credentials,
      folders: [folder],
    };
    const first = await openEngine(options);
    await first.sync();
    await first.close();
    damage(join(data, 'ledger.db'));
    const damaged = sha256OfFile(join(data, 'ledger.db'));
    world.proxy.forgetRequests();
    const second = await openEngine(options);
    expect(second.ledger.setAside).toMatch(/ledger\.db\.corrupt-\d{4}-\d\d-\d\d/);
    expect(sha256OfFile(second.ledger.setAside ?? '')).toBe(damaged);
    expect((await second.sync()).summary).toMatchObject({
      found: 6,
      already_archived: 6,
      puts: 0,
      bytes_sent: 0,
    });
    expect(world.puts()).toBe(0);
    expectHolds(world, songs);
  },
);

test('the write-ahead log was cut short: what is left is whole, and what was lost is not sent again', async () => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const songs = writeSongs(folder, 6);
  const options = {
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  };
  const first = await openEngine(options);
  await first.sync();
  // As the files lie there when the power goes, and the end of the log with it.
  const later = testFolder('data-after');
  for (const name of ['ledger.db', 'ledger.db-wal']) copyFileSync(join(data, name), join(later, name));
  const log = join(later, 'ledger.db-wal');
  expect(statSync(log).size).toBeGreaterThan(0);
  truncateSync(log, Math.floor(statSync(log).size / 2));
  await first.close();
  world.proxy.forgetRequests();
  const second = await openEngine({ ...options, dataFolder: later });
  expect(second.ledger.setAside).toBeUndefined();
  expect((await second.sync()).summary).toMatchObject({ found: 6, failed: 0, waiting: 0, puts: 0 });
  expect(world.puts()).toBe(0);
  expectHolds(world, songs);
});

const startOwner = async (folder: string): Promise<number> => {
  const script = fileURLToPath(new URL('own-ledger.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('the owner did not start');
  onTestFinished(() => void killProcess(pid));
  await once(child.stdout, 'data');
  return pid;
};

test('a second process is told who owns the folder, and gets it when the owner is killed', async () => {
  const folder = testFolder('owned');
  const pid = await startOwner(folder);
  expect(() => takeOwnership(folder, 'me')).toThrow(LedgerInUseError);
  expect(() => takeOwnership(folder, 'me')).toThrow(`process ${pid}`);
  expect(isAlive(pid)).toBe(true);
  killProcess(pid, 'SIGKILL');
  await waitForExit(pid);
  const ownership = takeOwnership(folder, 'me');
  // Nor twice in one process.
  expect(() => takeOwnership(folder, 'me too')).toThrow(LedgerInUseError);
  ownership.release();
  takeOwnership(folder, 'me again').release();
});

test('messages from beside are taken once, in their order; a word of a newer program is left out', async () => {
  const folder = testFolder('ledger');
  const ledger = open(folder);
  const beside = new Database(ledger.path, { timeout: 5_000 });
  onTestFinished(() => void beside.close());
  expect(ledger.inbox.isEmpty()).toBe(true);
  leaveMessage(beside, { kind: 'retry' }, 1);
  beside.prepare('INSERT INTO inbox (sent_at, message) VALUES (2, ?)').run('{"kind":"dance"}');
  beside.prepare('INSERT INTO inbox (sent_at, message) VALUES (2, ?)').run('not even JSON');
  leaveMessage(beside, { kind: 'forget', libraryId: 7 }, 3);
  leaveMessage(beside, { kind: 'retry', failureClass: 'person' }, 4);
  expect(ledger.inbox.isEmpty()).toBe(false);
  expect(await ledger.commit(() => ledger.inbox.take())).toEqual([
    { kind: 'retry' },
    { kind: 'forget', libraryId: 7 },
    { kind: 'retry', failureClass: 'person' },
  ]);
  expect(ledger.inbox.isEmpty()).toBe(true);
});

test('a ledger that is damaged while it is in use ends the run, and is put aside at the next start', async () => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const songs = writeSongs(folder, 6);
  const options = {
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  };
  const first = await openEngine(options);
  await first.sync();
  await first.close();
  const second = await openEngine(options);
  overwrite(join(data, 'ledger.db'), 2 * 4096, 12 * 4096);
  await expect(second.sync()).rejects.toMatchObject({ code: 'ledger_damaged' });
  await second.close();
  world.proxy.forgetRequests();
  const third = await openEngine(options);
  expect(third.ledger.setAside).toMatch(/ledger\.db\.corrupt-/);
  expect((await third.sync()).summary).toMatchObject({ found: 6, already_archived: 6, puts: 0 });
  await third.close();
  expectHolds(world, songs);
  // Once is enough.
  expect((await openEngine(options)).ledger.setAside).toBeUndefined();
});

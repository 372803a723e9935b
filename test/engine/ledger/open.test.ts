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
import { expectHolds, startArchiveWorld, type ArchiveWorld } from '../../kit/archive-world.ts';
import { openEngine, type TestEngine } from '../../kit/engine.ts';
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

interface Archived {
  readonly world: ArchiveWorld;
  readonly songs: readonly string[];
  readonly data: string;
  /** The engine that archived them, still open. */
  readonly engine: TestEngine;
  /** Opens an engine on the same library: with its own data folder or another one. */
  readonly open: (dataFolder?: string) => Promise<TestEngine>;
}

/** Six songs that a run has archived. */
const archivedSongs = async (): Promise<Archived> => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const songs = writeSongs(folder, 6);
  const open = (dataFolder = data): Promise<TestEngine> =>
    openEngine({
      dataFolder,
      url: world.proxy.origin,
      credentials: world.credentials,
      folders: [folder],
    });
  const engine = await open();
  await engine.sync();
  world.proxy.forgetRequests();
  return { world, songs, data, engine, open };
};

/** A run finds all six in the archive, and sends nothing. */
const findsAllThere = async ({ world, songs }: Archived, engine: TestEngine): Promise<void> => {
  const { summary } = await engine.sync();
  expect(summary).toMatchObject({ found: 6, already_archived: 6, puts: 0, bytes_sent: 0 });
  expect(world.puts()).toBe(0);
  expectHolds(world, songs);
};

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
    const archived = await archivedSongs();
    await archived.engine.close();
    const path = join(archived.data, 'ledger.db');
    damage(path);
    const damaged = sha256OfFile(path);
    const engine = await archived.open();
    expect(engine.ledger.setAside?.path).toMatch(/ledger\.db\.corrupt-\d{4}-\d\d-\d\d/);
    expect(sha256OfFile(engine.ledger.setAside?.path ?? '')).toBe(damaged);
    await findsAllThere(archived, engine);
  },
);

test('the write-ahead log was cut short: what is left is whole, and what was lost is not sent again', async () => {
  const archived = await archivedSongs();
  // As the files lie there when the power goes, and the end of the log with it.
  const later = testFolder('data-after');
  for (const name of ['ledger.db', 'ledger.db-wal'])
    copyFileSync(join(archived.data, name), join(later, name));
  const log = join(later, 'ledger.db-wal');
  expect(statSync(log).size).toBeGreaterThan(0);
  truncateSync(log, Math.floor(statSync(log).size / 2));
  await archived.engine.close();
  const engine = await archived.open(later);
  expect(engine.ledger.setAside).toBeUndefined();
  await findsAllThere(archived, engine);
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
  const archived = await archivedSongs();
  await archived.engine.close();
  const second = await archived.open();
  overwrite(join(archived.data, 'ledger.db'), 2 * 4096, 12 * 4096);
  await expect(second.sync()).rejects.toMatchObject({ code: 'ledger_damaged' });
  await second.close();
  const third = await archived.open();
  expect(third.ledger.setAside?.path).toMatch(/ledger\.db\.corrupt-/);
  await findsAllThere(archived, third);
  await third.close();
  // Once is enough.
  expect((await archived.open()).ledger.setAside).toBeUndefined();
});

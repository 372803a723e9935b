import { cpSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openMaintenance } from '../../../server/maintenance.ts';
import { systemClock, type Clock } from '../../../src-main/engine/clock.ts';
import type { RunResult } from '../../../src-main/engine/run.ts';
import type { TrackEvent } from '../../../shared/run.ts';
import { expectHolds, startArchiveWorld, type ArchiveWorld } from '../../kit/archive-world.ts';
import { openEngine, type RunWishes } from '../../kit/engine.ts';
import { sha256OfFile } from '../../kit/hash.ts';
import { writeSong, writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';

const DAY_MS = 24 * 3_600_000;

interface Ran extends RunResult {
  readonly events: readonly TrackEvent[];
  /** Requests that asked what the archive has. */
  readonly asked: number;
}

const syncOnce = async (
  world: ArchiveWorld,
  data: string,
  folder: string,
  { clock, ...wishes }: RunWishes & { readonly clock?: Clock } = {},
): Promise<Ran> => {
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
    ...(clock === undefined ? {} : { clock }),
  });
  world.proxy.forgetRequests();
  const result = await engine.sync(wishes);
  await engine.close();
  expect(world.puts() + world.asked('POST', /\/songs$/)).toBe(result.summary.puts);
  return { ...result, events: engine.events, asked: world.asked('POST', /\/known$/) };
};

/** The same computer so many days later. */
const daysLater = (world: ArchiveWorld, days: number): Clock => {
  world.server.wait(days * 24 * 3600);
  return { ...systemClock, now: () => systemClock.now() + days * DAY_MS };
};

interface Kept {
  readonly state: string;
  readonly song_id: number | null;
  readonly confirmed_at: number | null;
}

const read = <T>(data: string, sql: string): readonly T[] => {
  const db = new Database(join(data, 'ledger.db'), { readonly: true });
  try {
    return db.prepare<[], T>(sql).all();
  } finally {
    db.close();
  }
};
const holdings = (data: string): readonly Kept[] =>
  read(data, 'SELECT state, song_id, confirmed_at FROM holding ORDER BY id');
/** Everything that the ledger keeps of files and archives but when it was confirmed last. */
const allButConfirmations = (data: string): unknown =>
  ['content', 'track', 'holding', 'tally'].map((table) =>
    read<Record<string, unknown>>(data, `SELECT * FROM ${table}`).map((row) =>
      Object.entries(row).filter(([column]) => column !== 'confirmed_at'),
    ),
  );

/** Where the archive keeps these bytes. */
const objectOf = ({ server }: ArchiveWorld, sha256: string | undefined): string => {
  const root = join(server.dataDir, 'objects');
  const found = readdirSync(root, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .find((path) => sha256OfFile(path) === sha256);
  if (found === undefined) throw new Error('the archive has no such object');
  return found;
};

const flipOneBit = (path: string): void => {
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  writeFileSync(path, bytes);
};

const verify = async ({ server }: ArchiveWorld) => {
  const beside = await openMaintenance({ dataDir: server.dataDir });
  try {
    return await beside.verify({ readBytes: true });
  } finally {
    await beside.close();
  }
};

const archivedSongs = async (count = 5) => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const songs = writeSongs(folder, count);
  await syncOnce(world, data, folder);
  return { world, folder, data, songs };
};

test.each([{ traditional: false }, { traditional: true }])(
  'what was deleted in the archive is sent again when everything is asked for, and nothing else is (%o)',
  async (wishes) => {
    const { world, folder, data, songs } = await archivedSongs();
    const before = holdings(data);
    unlinkSync(objectOf(world, songs[2]));

    // A run that asks for nothing again cannot know.
    expect((await syncOnce(world, data, folder, wishes)).summary.puts).toBe(0);

    const ran = await syncOnce(world, data, folder, { ...wishes, recheck: true });
    expect(ran.summary).toMatchObject({ found: 5, archived: 1, already_archived: 4, waiting: 0, puts: 1 });
    expect(ran.recheck).toEqual({ asked: 5, lost: 1, complete: true });
    expect(ran.events.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['retry', 'lost_by_archive'],
      ['archived', undefined],
    ]);
    expect(ran.events[0]?.path).toContain('2 Song 3.mp3');
    expectHolds(world, songs);
    expect(holdings(data).map(({ song_id }) => song_id)).toEqual(before.map(({ song_id }) => song_id));

    const next = await syncOnce(world, data, folder, { ...wishes, recheck: true });
    expect(next.summary).toMatchObject({ already_archived: 5, puts: 0 });
    expect(next.recheck).toEqual({ asked: 5, lost: 0, complete: true });
  },
);

test('a bit that turned over in the archive: found by verify, and sent again', async () => {
  const { world, folder, data, songs } = await archivedSongs();
  const before = holdings(data);
  flipOneBit(objectOf(world, songs[4]));
  expect((await verify(world)).damaged).toMatchObject([{ fault: 'wrong_bytes' }]);

  const ran = await syncOnce(world, data, folder, { recheck: true });
  expect(ran.summary).toMatchObject({ found: 5, archived: 1, already_archived: 4, puts: 1 });
  expectHolds(world, songs);
  expect(holdings(data).map(({ song_id }) => song_id)).toEqual(before.map(({ song_id }) => song_id));
  expect(await verify(world)).toEqual({ songs: 5, damaged: [], stuck: [], unreadable: [] });
});

test('an archive that lost everything gets everything again, batch by batch', async () => {
  const world = await startArchiveWorld({ batchLimit: 10 });
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const songs = writeSongs(folder, 35);
  await syncOnce(world, data, folder);
  for (const sha256 of songs) unlinkSync(objectOf(world, sha256));
  const ran = await syncOnce(world, data, folder, { recheck: true });
  expect(ran.summary).toMatchObject({ found: 35, archived: 35, already_archived: 0, puts: 35 });
  expect(ran.recheck).toEqual({ asked: 35, lost: 35, complete: true });
  expectHolds(world, songs);
});

test('where nothing was lost nothing is sent, and only the time of the confirmation is kept', async () => {
  const { world, folder, data, songs } = await archivedSongs();
  const [rows, confirmed] = [allButConfirmations(data), holdings(data)];
  const ran = await syncOnce(world, data, folder, { recheck: true });
  expect(ran.summary).toMatchObject({ already_archived: 5, archived: 0, puts: 0 });
  // For the newest, and for all.
  expect(ran.asked).toBe(2);
  expect(allButConfirmations(data)).toEqual(rows);
  for (const [i, { confirmed_at }] of holdings(data).entries())
    expect(confirmed_at).toBeGreaterThan(confirmed[i]?.confirmed_at ?? Infinity);
  expectHolds(world, songs);
});

test('what was confirmed more than a week ago is asked for without a word, and nothing younger', async () => {
  const { world, folder, data, songs } = await archivedSongs();
  unlinkSync(objectOf(world, songs[0]));
  const soon = await syncOnce(world, data, folder, { clock: daysLater(world, 6) });
  // Only the newest is asked for, in every run.
  expect([soon.asked, soon.summary.puts, soon.recheck?.asked]).toEqual([1, 0, 0]);

  const young = writeSong(folder, 'new.mp3', { seed: 77 });
  await syncOnce(world, data, folder, { clock: daysLater(world, 6) });
  const later = await syncOnce(world, data, folder, { clock: daysLater(world, 8) });
  // What lost one may have lost more: the young one is asked for, too.
  expect(later.recheck).toEqual({ asked: 6, lost: 1, complete: true });
  // For the newest, for the five that are due, for the young one, and before the lost one is sent.
  expect(later.asked).toBe(4);
  expect(later.summary).toMatchObject({ found: 6, archived: 1, already_archived: 5, puts: 1 });
  expectHolds(world, [...songs, young]);

  const again = await syncOnce(world, data, folder, { clock: daysLater(world, 9) });
  expect([again.asked, again.recheck?.asked]).toEqual([1, 0]);
});

/** Puts the archive back to how it was when `backup` was made of it. */
const setBack = (world: ArchiveWorld, backup: string): Promise<void> =>
  world.restart(() => {
    rmSync(world.server.dataDir, { recursive: true });
    cpSync(backup, world.server.dataDir, { recursive: true });
  });

const backedUp = async (world: ArchiveWorld): Promise<string> => {
  const backup = testFolder('backup');
  await world.restart(() => cpSync(world.server.dataDir, backup, { recursive: true }));
  return backup;
};

test('an archive that was set back to an earlier day: the next run notices, and sends what came since', async () => {
  const { world, folder, data, songs } = await archivedSongs(4);
  const backup = await backedUp(world);
  const since = [5, 6, 7].map((n) => writeSong(folder, `since/${n}.mp3`, { seed: 500 + n }));
  await syncOnce(world, data, folder);
  await setBack(world, backup);
  const ran = await syncOnce(world, data, folder);
  expect(ran.summary).toMatchObject({ found: 7, archived: 3, already_archived: 4, waiting: 0, puts: 3 });
  expect(ran.recheck).toMatchObject({ lost: 3, complete: true });
  expectHolds(world, [...songs, ...since]);
});

test('an archive that was set back gives its song numbers to other files: nobody has to look, and none is called archived that is not', async () => {
  const { world, folder, data, songs } = await archivedSongs(4);
  const backup = await backedUp(world);
  const since = [5, 6, 7].map((n) => writeSong(folder, `since/${n}.mp3`, { seed: 500 + n }));
  await syncOnce(world, data, folder);
  await setBack(world, backup);
  // They get the numbers that the lost ones had.
  const later = [8, 9].map((n) => writeSong(folder, `later/${n}.mp3`, { seed: 500 + n }));
  const ran = await syncOnce(world, data, folder);
  expect(ran.summary).toMatchObject({
    found: 9,
    archived: 5,
    already_archived: 4,
    failed: 0,
    waiting: 0,
    puts: 5,
  });
  expectHolds(world, [...songs, ...since, ...later]);
  const next = await syncOnce(world, data, folder, { recheck: true });
  expect(next.summary).toMatchObject({ already_archived: 9, puts: 0 });
  expect(next.recheck).toEqual({ asked: 9, lost: 0, complete: true });
});

test('set back while somebody else took its song numbers, and the next run is cut short: what it lost is not forgotten', async () => {
  const { world, folder, data, songs } = await archivedSongs(4);
  const backup = await backedUp(world);
  const since = [5, 6, 7].map((n) => writeSong(folder, `since/${n}.mp3`, { seed: 500 + n }));
  await syncOnce(world, data, folder);
  await setBack(world, backup);
  const theirs = await uploadAs(world, 'somebody@example.org', 5);
  const later = writeSong(folder, 'later/8.mp3', { seed: 508 });
  const put = world.proxy.addRule({ method: 'PUT', fault: { kind: 'delay', ms: 1_500 }, times: 2 });
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  });
  const run = await engine.start({ concurrency: 1 });
  await expect.poll(() => put.hits(), { timeout: 60_000 }).toBeGreaterThan(0);
  run.stop();
  const cutShort = await run.done;
  expect(cutShort.interrupted).toBe(true);
  await engine.close();
  const ran = await syncOnce(world, data, folder);
  expect(ran.summary).toMatchObject({ found: 8, failed: 0, waiting: 0 });
  expect(ran.recheck).toMatchObject({ complete: true });
  // How far the first one came by then is the machine's affair.
  expect((cutShort.recheck?.lost ?? 0) + (ran.recheck?.lost ?? 0)).toBe(3);
  expectHolds(world, [...songs, ...since, ...theirs, later]);
});

const uploadAs = async (world: ArchiveWorld, email: string, count: number): Promise<readonly string[]> => {
  await world.server.archive.accounts.ensure({ email, role: 'moderator' });
  const folder = testFolder('theirs');
  const songs = writeSongs(folder, count, 700);
  const engine = await openEngine({
    dataFolder: testFolder('their-data'),
    url: world.proxy.origin,
    credentials: { kind: 'mint', mint: () => world.server.archive.mintSession(email) },
    folders: [folder],
  });
  await engine.sync();
  await engine.close();
  return songs;
};

test('everything is asked for, whatever a clock that went wrong says of when it was confirmed', async () => {
  const { world, folder, data } = await archivedSongs(0);
  const songs = writeSongs(folder, 5);
  const ahead: Clock = { ...systemClock, now: () => systemClock.now() + DAY_MS };
  await syncOnce(world, data, folder, { clock: ahead });
  for (const sha256 of songs) unlinkSync(objectOf(world, sha256));
  const ran = await syncOnce(world, data, folder, { recheck: true });
  expect(ran.recheck).toEqual({ asked: 5, lost: 5, complete: true });
  expect(ran.summary).toMatchObject({ archived: 5, puts: 5 });
  expectHolds(world, songs);
});

test('the clock is set back while everything is asked for: each is asked for once, and it ends', async () => {
  const world = await startArchiveWorld({ batchLimit: 2 });
  const [folder, data] = [testFolder('library'), testFolder('data')];
  writeSongs(folder, 12);
  await syncOnce(world, data, folder);
  let calls = 0;
  // An hour back at some moment in the asking.
  const clock: Clock = {
    ...systemClock,
    now: () => systemClock.now() - ((calls += 1) > 30 ? 3_600_000 : 0),
  };
  const ran = await syncOnce(world, data, folder, { recheck: true, clock });
  expect(calls).toBeGreaterThan(30);
  expect(ran.recheck).toEqual({ asked: 12, lost: 0, complete: true });
});

test('a recheck that is cut short says so, and the next run ends it without being told', async () => {
  const world = await startArchiveWorld({ batchLimit: 2 });
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const songs = writeSongs(folder, 12);
  await syncOnce(world, data, folder);
  unlinkSync(objectOf(world, songs[10]));
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  });
  const slow = world.proxy.addRule({
    method: 'POST',
    path: /\/known$/,
    fault: { kind: 'delay', ms: 400 },
    times: 99,
  });
  const run = await engine.start({ recheck: true });
  await expect.poll(() => slow.hits(), { timeout: 60_000 }).toBeGreaterThan(2);
  run.stop();
  expect((await run.done).recheck).toMatchObject({ complete: false });
  await engine.close();
  slow.remove();
  const next = await syncOnce(world, data, folder);
  expect(next.recheck).toMatchObject({ lost: 1, complete: true });
  expect(next.recheck?.asked).toBeLessThanOrEqual(12);
  expect(next.summary).toMatchObject({ archived: 1, puts: 1 });
  expectHolds(world, songs);
});

test('a run that watches notices within its next look that the archive was set back', async () => {
  const { world, folder, data, songs } = await archivedSongs(4);
  let ahead = 0;
  const clock: Clock = {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    monotonic: () => systemClock.monotonic() + ahead,
  };
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
    clock,
  });
  const run = await engine.start({ watch: true });
  const backup = await backedUp(world);
  const since = [5, 6, 7].map((n) => writeSong(folder, `since/${n}.mp3`, { seed: 500 + n }));
  const aLook = (): void => {
    ahead += 11 * 60_000;
  };
  await expect.poll(() => run.snapshot().scanning, { timeout: 60_000 }).toBe(false);
  aLook();
  await expect.poll(() => run.snapshot().totals.archived, { timeout: 60_000 }).toBe(3);
  await setBack(world, backup);
  aLook();
  await expect
    .poll(() => run.snapshot(), { timeout: 60_000 })
    .toMatchObject({ puts: 6, totals: { waiting: 0 } });
  run.drain();
  expect((await run.done).recheck).toMatchObject({ lost: 3 });
  await engine.close();
  expectHolds(world, [...songs, ...since]);
});

test('a run that watches for weeks asks again, too', async () => {
  const { world, folder, data, songs } = await archivedSongs();
  let ahead = 0;
  const clock: Clock = {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    monotonic: () => systemClock.monotonic() + ahead,
  };
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
    clock,
  });
  const run = await engine.start({ watch: true });
  await expect.poll(() => run.snapshot().scanning, { timeout: 60_000 }).toBe(false);
  unlinkSync(objectOf(world, songs[1]));
  world.server.wait((8 * DAY_MS) / 1000);
  ahead = 8 * DAY_MS;
  await expect
    .poll(() => run.snapshot(), { timeout: 60_000 })
    .toMatchObject({ puts: 1, totals: { archived: 1, already_archived: 4 } });
  run.drain();
  expect((await run.done).recheck).toMatchObject({ asked: 5, lost: 1 });
  await engine.close();
  expectHolds(world, songs);
});

test('a confirmation by a clock that stood years ahead does not count', async () => {
  const { world, folder, data } = await archivedSongs();
  const ahead: Clock = { ...systemClock, now: () => systemClock.now() + 4_000 * DAY_MS };
  await syncOnce(world, data, folder, { recheck: true, clock: ahead });
  const ran = await syncOnce(world, data, folder);
  expect(ran.recheck).toEqual({ asked: 5, lost: 0, complete: true });
  expect((await syncOnce(world, data, folder)).recheck?.asked).toBe(0);
});

test('what no file stands for any more is not asked for', async () => {
  const { world, folder, data } = await archivedSongs();
  rmSync(join(folder, 'Album 0/0 Song 1.mp3'));
  const ran = await syncOnce(world, data, folder, { recheck: true });
  expect(ran.recheck).toEqual({ asked: 4, lost: 0, complete: true });
  expect(ran.summary).toMatchObject({ found: 4, already_archived: 4 });
});

test.each([
  ['refuses', { kind: 'answer', status: 400, body: '{}' }],
  ['breaks down', { kind: 'answer', status: 500, body: '' }],
  ['breaks the line', { kind: 'swallow' }],
  ['asks for patience', { kind: 'answer', status: 503, headers: { 'retry-after': '1' }, body: '{}' }],
] as const)(
  'an archive that %s when it is asked again ends the asking, and not the run',
  async (_does, fault) => {
    const { world, folder, data, songs } = await archivedSongs();
    unlinkSync(objectOf(world, songs[1]));
    const rows = allButConfirmations(data);
    const rule = world.proxy.addRule({ method: 'POST', path: /\/known$/, fault, times: 1_000 });
    const ran = await syncOnce(world, data, folder, { recheck: true });
    expect(rule.hits()).toBeGreaterThan(0);
    expect(ran.summary).toMatchObject({ already_archived: 5, puts: 0 });
    expect(ran.recheck).toMatchObject({ asked: 0, lost: 0, complete: false });
    expect(ran.recheck?.trouble).toEqual(expect.any(String));
    expect(allButConfirmations(data)).toEqual(rows);

    rule.remove();
    expect((await syncOnce(world, data, folder, { recheck: true })).summary.puts).toBe(1);
    expectHolds(world, songs);
  },
);

test('a lost file whose copy here is gone, too, while it is asked for, is said to be neither', async () => {
  const { world, folder, data, songs } = await archivedSongs();
  const object = objectOf(world, songs[3]);
  const bytes = readFileSync(object);
  unlinkSync(object);
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  });
  // The answer comes late enough for somebody to delete the file first.
  world.proxy.addRule({ method: 'POST', path: /\/known$/, fault: { kind: 'delay', ms: 1_500 } });
  world.proxy.forgetRequests();
  const run = await engine.start({ recheck: true });
  await expect.poll(() => world.asked('POST', /\/known$/), { timeout: 60_000 }).toBeGreaterThan(0);
  rmSync(join(folder, 'Album 0/3 Song 4.mp3'));
  const { summary } = await run.done;
  await engine.close();
  expect(summary).toMatchObject({ found: 4, already_archived: 4, archived: 0, waiting: 0, puts: 0 });
  expect(world.puts()).toBe(0);
  // What nobody has any more cannot come back by itself, and a stopping archive is looked through.
  writeFileSync(object, bytes);
});

import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { UnknownSongsError } from '../../../src-main/engine/prepare-archive.ts';
import type { Clock } from '../../../src-main/engine/clock.ts';
import { fastClock } from '../../kit/clocks.ts';
import { openEngine, type EngineOptions, type TestEngine } from '../../kit/engine.ts';
import { ledgerHoldings } from '../../kit/ledger-rows.ts';
import { differences, snapshotLibrary } from '../../kit/library-snapshot.ts';
import { writeSong, writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';
import { startFaultProxy } from '../../stand-ins/fault-proxy.ts';
import {
  RAILS_MODERATOR,
  startRailsArchive,
  type RailsArchive,
  type RailsArchiveOptions,
} from '../../stand-ins/rails-archive.ts';

interface Stage {
  readonly rails: RailsArchive;
  readonly folder: string;
  readonly data: string;
  readonly options: EngineOptions;
}

const startRails = async (options?: RailsArchiveOptions): Promise<RailsArchive> => {
  const rails = await startRailsArchive(options);
  onTestFinished(() => rails.stop());
  return rails;
};

const stage = async (options: RailsArchiveOptions = {}, clock: Clock = fastClock(20)): Promise<Stage> => {
  const rails = await startRails(options);
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const { email, password } = RAILS_MODERATOR;
  const credentials = { kind: 'password', email, password } as const;
  return {
    rails,
    folder,
    data,
    options: { dataFolder: data, url: rails.origin, credentials, folders: [folder], clock },
  };
};

/** Each content is one song, and the song's bytes are whole. */
const expectSongs = (rails: RailsArchive, sha256s: readonly string[]): void => {
  const songs = rails.songs();
  expect(songs.map(({ blob }) => blob.stored?.sha256 ?? '').toSorted()).toEqual([...sha256s].toSorted());
  expect(
    songs.every(({ blob }) => blob.stored?.torn === false && blob.stored.checksum === blob.checksum),
  ).toBe(true);
};

const troubled = ({ events }: TestEngine): readonly string[] =>
  events.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code ?? '');

test('a whole run on the Rails archive, and a second one that sends nothing', async () => {
  const { rails, folder, options } = await stage();
  const songs = writeSongs(folder, 14);
  // Names that it tames, and a type that it changes.
  songs.concat(writeSong(folder, 'a/one "two" #3.mp3', { seed: 70 }));
  const before = snapshotLibrary(folder);
  const engine = await openEngine(options);
  expect((await engine.sync()).summary).toMatchObject({
    found: 15,
    archived: 15,
    failed: 0,
    waiting: 0,
    puts: 15,
  });
  expect(rails.counts()).toMatchObject({ login: 1, ticket: 15, put: 15, record: 15 });
  expect(rails.songs()).toHaveLength(15);
  await engine.close();
  rails.forgetRequests();
  const again = await openEngine(options);
  expect((await again.sync()).summary).toMatchObject({ found: 15, already_archived: 15, puts: 0 });
  expect(rails.counts()).toMatchObject({ ticket: 0, put: 0, record: 0 });
  expect(differences(before, snapshotLibrary(folder))).toEqual([]);
});

test.each([false, true])(
  'answers of create are lost after the songs were made (songs tell their checksum: %s): found again, none twice',
  async (songsTellContent) => {
    const { rails, folder, options } = await stage({ songsTellContent });
    const songs = writeSongs(folder, 12);
    rails.misbehave('record', { do: 'drop-answer' }, { times: 6 });
    const engine = await openEngine(options);
    expect((await engine.sync()).summary).toMatchObject({ archived: 12, failed: 0, waiting: 0, puts: 12 });
    expect(rails.counts().put).toBe(12);
    expect(rails.counts().record).toBe(12);
    expectSongs(rails, songs);
  },
);

test('requests of create are lost on the way: made once each, and the bytes are not sent again', async () => {
  const { rails, folder, options } = await stage({}, fastClock(600));
  const songs = writeSongs(folder, 8);
  rails.misbehave('record', { do: 'cut-body', afterBytes: 10 }, { times: 4 });
  const engine = await openEngine(options);
  expect((await engine.sync()).summary).toMatchObject({ archived: 8, failed: 0, waiting: 0, puts: 8 });
  expect(rails.counts()).toMatchObject({ put: 8, record: 12 });
  expectSongs(rails, songs);
});

test('a create outlives the patience of a proxy and makes its song minutes later: found then, and not made twice', async () => {
  // 10 minutes by the engine's clock.
  const { rails, folder, options } = await stage({}, fastClock(600));
  const songs = writeSongs(folder, 5);
  rails.misbehave('record', { do: 'work-on', ms: 1_000 }, { skip: 1, times: 2 });
  const engine = await openEngine(options);
  expect((await engine.sync()).summary).toMatchObject({ archived: 5, failed: 0, waiting: 0, puts: 5 });
  expect(rails.counts()).toMatchObject({ put: 5, record: 5 });
  expectSongs(rails, songs);
});

test('a run is ended while a create goes on at the archive: the next one waits for it too', async () => {
  const { rails, folder, options } = await stage({}, fastClock(600));
  const songs = writeSongs(folder, 3);
  rails.misbehave('record', { do: 'work-on', ms: 700 });
  const engine = await openEngine(options);
  const run = await engine.start();
  await waitFor('the other two', () => rails.songs().length === 2);
  run.stop();
  await run.done;
  expect((await engine.sync()).summary).toMatchObject({
    found: 3,
    failed: 0,
    waiting: 0,
    puts: 0,
  });
  expect(rails.counts()).toMatchObject({ put: 3, record: 3 });
  expectSongs(rails, songs);
});

test('the clock jumps a year ahead while a create goes on at the archive: it is waited for all the same', async () => {
  const fast = fastClock(600);
  let jumped = 0;
  const { rails, folder, options } = await stage({}, { ...fast, now: () => fast.now() + jumped });
  const songs = writeSongs(folder, 2);
  rails.misbehave('record', { do: 'work-on', ms: 700 }, { times: 2 });
  const engine = await openEngine(options);
  const run = await engine.start();
  await waitFor('both creates', () => rails.counts().record === 2);
  jumped = 365 * 86_400_000;
  expect((await run.done).summary).toMatchObject({ archived: 2, failed: 0, waiting: 0 });
  expect(rails.counts().record).toBe(2);
  expectSongs(rails, songs);
});

test('a file is renamed while its create is in doubt: its song is found under the name it was sent with', async () => {
  const { rails, folder, options } = await stage({}, fastClock(600));
  const songs = writeSongs(folder, 1);
  rails.misbehave('record', { do: 'drop-answer' });
  rails.misbehave('list', { do: 'answer', status: 500, body: '' }, { skip: 1, times: 1_000 });
  const engine = await openEngine(options);
  const run = await engine.start();
  await waitFor('a look that says nothing', () => rails.counts().list >= 3);
  run.stop();
  await run.done;
  renameSync(join(folder, 'Album 0/0 Song 1.mp3'), join(folder, 'Album 0/quite another name.mp3'));
  rails.behave();
  // The file is found at its new place before the list of songs can be read.
  rails.misbehave('list', { do: 'answer', status: 500, body: '' }, { skip: 1, times: 3 });
  expect((await engine.sync()).summary).toMatchObject({ found: 1, failed: 0, waiting: 0, puts: 0 });
  expectSongs(rails, songs);
});

test('a create is refused, or finds nobody: it made nothing, so nobody waits before it is made', async () => {
  const { rails, folder, options } = await stage();
  const songs = writeSongs(folder, 2);
  rails.misbehave('record', { do: 'answer', status: 429, headers: { 'retry-after': '1' }, body: '' });
  const engine = await openEngine(options);
  const asked = rails.counts().list;
  expect((await engine.sync()).summary).toMatchObject({ archived: 2, failed: 0, waiting: 0, puts: 2 });
  expect(rails.counts()).toMatchObject({ put: 2, record: 3 });
  // One list to begin with, and none to look for a song.
  expect(rails.counts().list - asked).toBe(1);
  expectSongs(rails, songs);
});

test('the program is stopped with creates in doubt: the next one finds out, on whatever page they are', async () => {
  const { rails, folder, options } = await stage({}, fastClock(600));
  const songs = writeSongs(folder, 6);
  const proxy = await startFaultProxy({ target: rails.origin });
  onTestFinished(() => proxy.stop());
  // Half of the creates happen; no answer comes back.
  for (const kind of ['drop-answer', 'swallow'] as const)
    proxy.addRule({ method: 'POST', path: /create_from_blob/, fault: { kind }, times: 3 });
  const engine = await openEngine({ ...options, url: proxy.origin });
  const run = await engine.start({ concurrency: 6 });
  await waitFor(
    'all creates',
    () => proxy.requests().filter(({ path }) => path.endsWith('create_from_blob')).length >= 6,
  );
  await proxy.goOffline();
  run.stop();
  expect((await run.done).summary.archived).toBeLessThan(6);
  await engine.close();
  expect(rails.songs().length).toBeLessThan(6);
  // Somebody else uploads meanwhile: more than one page of songs.
  const others = await openEngine({
    ...options,
    url: rails.origin,
    dataFolder: testFolder('other-data'),
    folders: [manySongs()],
  });
  await others.sync({ acceptDuplicates: true, concurrency: 20 });
  proxy.clearRules();
  await proxy.goOnline();
  const next = await openEngine({ ...options, url: proxy.origin });
  expect((await next.sync()).summary).toMatchObject({ found: 6, failed: 0, waiting: 0 });
  expect(rails.songs()).toHaveLength(130 + 6);
  expect(rails.songs().map(({ blob }) => blob.stored?.sha256)).toEqual(expect.arrayContaining([...songs]));
});

const manySongs = (): string => {
  const folder = testFolder('others');
  writeSongs(folder, 130, 5_000, 1_000);
  return folder;
};

test('the answer of a PUT is lost: a new ticket and the bytes again, for the old key may hold torn ones', async () => {
  const { rails, folder, options } = await stage();
  const songs = writeSongs(folder, 4);
  rails.misbehave('put', { do: 'drop-answer' }, { times: 2 });
  const engine = await openEngine(options);
  expect((await engine.sync()).summary).toMatchObject({ archived: 4, failed: 0, waiting: 0, puts: 4 });
  expect(rails.counts()).toMatchObject({ ticket: 6, put: 6, record: 4 });
  expectSongs(rails, songs);
});

test('the archive is killed in the middle of a PUT: its torn blob never becomes a song', async () => {
  const { rails, folder, options } = await stage({}, fastClock(600));
  const songs = writeSongs(folder, 6, 1, 40_000);
  rails.misbehave('put', { do: 'die-in-body', afterBytes: 10_000 }, { skip: 2 });
  const engine = await openEngine(options);
  const run = await engine.start({ concurrency: 2 });
  await waitFor('the archive to be dead', () => run.snapshot().gate.reason === 'offline');
  await rails.restart();
  expect((await run.done).summary).toMatchObject({ archived: 6, failed: 0, waiting: 0 });
  expect(rails.blobs().some(({ stored }) => stored?.torn === true)).toBe(true);
  expectSongs(rails, songs);
});

test('the hour is over again and again: signed in anew, one at a time, and no file fails', async () => {
  const { rails, folder, options } = await stage();
  const songs = writeSongs(folder, 20);
  rails.misbehave('put', { do: 'delay', ms: 60 }, { times: 20 });
  const engine = await openEngine(options);
  const forget = setInterval(() => rails.forgetTokens(), 150);
  try {
    expect((await engine.sync()).summary).toMatchObject({ archived: 20, failed: 0, waiting: 0, puts: 20 });
  } finally {
    clearInterval(forget);
  }
  const refused = rails.requests().filter(({ status }) => status === 401).length;
  expect(rails.counts().login).toBeGreaterThan(1);
  expect(rails.counts().login).toBeLessThanOrEqual(1 + refused);
  expectSongs(rails, songs);
});

test('it has songs, and this ledger knows none: nothing is sent until somebody says so', async () => {
  const { rails, folder, options } = await stage();
  const songs = writeSongs(folder, 3);
  const first = await openEngine(options);
  await first.sync();
  await first.close();
  rails.forgetRequests();
  const other = await openEngine({ ...options, dataFolder: testFolder('empty-data') });
  await expect(other.sync()).rejects.toThrow(UnknownSongsError);
  expect(rails.counts()).toMatchObject({ ticket: 0, put: 0, record: 0 });
  expectSongs(rails, songs);
  expect((await other.sync({ acceptDuplicates: true })).summary).toMatchObject({ archived: 3, puts: 3 });
  expect(rails.songs()).toHaveLength(6);
});

test('an address ran out before its bytes arrived: a new one is asked for', async () => {
  let ahead = 0;
  const { rails, folder, options } = await stage({ now: () => Date.now() + ahead });
  const songs = writeSongs(folder, 4);
  rails.misbehave('put', { do: 'delay', ms: 300 }, { times: 2 });
  const engine = await openEngine(options);
  const run = await engine.start({ concurrency: 2 });
  await waitFor('two PUTs', () => rails.counts().put >= 2);
  ahead = 6 * 60_000;
  expect((await run.done).summary).toMatchObject({ archived: 4, failed: 0, waiting: 0, puts: 4 });
  expect(rails.requests().filter(({ kind, status }) => kind === 'put' && status === 404)).toHaveLength(2);
  expectSongs(rails, songs);
});

test('a large file that cannot arrive before its address runs out is listed with that reason, and the rest goes on', async () => {
  const clock = fastClock(120);
  const { rails, folder, data, options } = await stage({ now: clock.now, keepBytes: false }, clock);
  const proxy = await startFaultProxy({ target: rails.origin });
  onTestFinished(() => proxy.stop());
  writeSong(folder, 'a/huge.mp3', { seed: 9, bytes: 17_000_000 });
  writeSongs(folder, 3);
  // By the engine's clock 50 KB a second: the file takes 340 s, and its address lives for 300.
  proxy.setBandwidth(6_000_000);
  const engine = await openEngine({ ...options, url: proxy.origin });
  expect((await engine.sync()).summary).toMatchObject({ found: 4, archived: 3, failed: 1, waiting: 0 });
  expect(ledgerHoldings(data).filter(({ state }) => state === 'failed')).toMatchObject([
    { failure_code: 'too_slow_for_ticket', failure_class: 'retry' },
  ]);
  expect(rails.songs()).toHaveLength(3);
  // At a better line the next run takes it.
  proxy.setBandwidth(undefined);
  expect((await engine.sync()).summary).toMatchObject({ found: 4, failed: 0, waiting: 0, archived: 1 });
});

test('a large file after little else is sent at once, however low the rate has been', async () => {
  const { rails, folder, options } = await stage({ keepBytes: false }, fastClock(1));
  writeSong(folder, '1 small.mp3', { bytes: 1_000 });
  writeSong(folder, '2 huge.mp3', { seed: 9, bytes: 17_000_000 });
  const engine = await openEngine(options);
  expect((await engine.sync({ concurrency: 1 })).summary).toMatchObject({ archived: 2, failed: 0 });
  expect(troubled(engine)).toEqual([]);
  expect(rails.songs()).toHaveLength(2);
});

test('two files that tell the archive the same of themselves, one answer lost: no file gets the song of the other', async () => {
  const { rails, folder, data, options } = await stage();
  // Same tags, same name; other bytes.
  writeSong(folder, 'A/song.mp3', { seed: 1 });
  writeSong(folder, 'B/song.mp3', { seed: 2 });
  const proxy = await startFaultProxy({ target: rails.origin });
  onTestFinished(() => proxy.stop());
  proxy.addRule({ method: 'POST', path: /create_from_blob/, fault: { kind: 'swallow' } });
  proxy.addRule({ method: 'POST', path: /create_from_blob/, fault: { kind: 'drop-answer' } });
  const engine = await openEngine({ ...options, url: proxy.origin });
  const { summary } = await engine.sync({ concurrency: 2 });
  // One create happened and one did not; which, only a person can tell. Neither is called archived.
  expect(summary.archived).toBe(0);
  expect(summary.failed).toBe(2);
  expect(
    ledgerHoldings(data).map(({ failure_code, failure_class }) => `${failure_class} ${failure_code}`),
  ).toEqual(['person ambiguous_song', 'person ambiguous_song']);
  expect(rails.songs()).toHaveLength(1);
});

test('an account that may not upload ends the run with words for it, and no file is blamed', async () => {
  const rails = await startRails();
  const folder = testFolder('library');
  writeSongs(folder, 2);
  const data = testFolder('data');
  const { email, password } = RAILS_MODERATOR;
  const engine = await openEngine({
    dataFolder: data,
    url: rails.origin,
    credentials: { kind: 'password', email, password },
    folders: [folder],
  });
  rails.misbehave(
    'ticket',
    {
      do: 'answer',
      status: 403,
      headers: { 'content-type': 'application/json' },
      body: '{"error":"Forbidden"}',
    },
    { times: 9 },
  );
  await expect(engine.sync()).rejects.toThrow(/may not upload/);
  await sleep(10);
  expect(ledgerHoldings(data).filter(({ state, attempts }) => state === 'failed' || attempts > 0)).toEqual(
    [],
  );
  expect(rails.counts().put).toBe(0);
});

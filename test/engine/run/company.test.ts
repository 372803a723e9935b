import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock, type Clock } from '../../../src-main/engine/clock.ts';
import { leaveMessage } from '../../../src-main/engine/ledger/inbox.ts';
import { archiveState, expectHolds, startArchiveWorld } from '../../kit/archive-world.ts';
import { fastClock } from '../../kit/clocks.ts';
import { openEngine } from '../../kit/engine.ts';
import { sha256OfFile } from '../../kit/hash.ts';
import { ledgerHoldings, ledgerTracks } from '../../kit/ledger-rows.ts';
import { writeSong, writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';

test('two computers send the same files for one account at the same time: each is one song, and both end well', async () => {
  const world = await startArchiveWorld();
  const [one, other] = [testFolder('one'), testFolder('other')];
  const songs = writeSongs(one, 25);
  writeSongs(other, 25);
  const engines = await Promise.all(
    [one, other].map((folder) =>
      openEngine({
        dataFolder: testFolder('data'),
        url: world.proxy.origin,
        credentials: world.credentials,
        folders: [folder],
      }),
    ),
  );
  const results = await Promise.all(engines.map((engine) => engine.sync()));
  for (const { summary } of results) expect(summary).toMatchObject({ found: 25, failed: 0, waiting: 0 });
  expectHolds(world, songs);
});

const beside = (path: string): Database.Database => {
  const db = new Database(path, { timeout: 5_000 });
  onTestFinished(() => void db.close());
  return db;
};

test('a library is forgotten while its files are being sent: the others go on, and the archive keeps what it has', async () => {
  const world = await startArchiveWorld();
  const [first, second, data] = [testFolder('first'), testFolder('second'), testFolder('data')];
  writeSongs(first, 20);
  const kept = writeSongs(second, 10, 500);
  world.proxy.addRule({ method: 'PUT', fault: { kind: 'delay', ms: 60 }, times: Infinity });
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [first, second],
  });
  const run = await engine.start({ concurrency: 2 });
  await waitFor('three PUTs', () => world.puts() >= 3);
  leaveMessage(beside(engine.ledger.path), { kind: 'forget', libraryId: 1 }, Date.now());
  const { summary } = await run.done;
  expect(summary).toMatchObject({ found: 10, archived: 10, failed: 0, waiting: 0 });
  expect(new Set(ledgerTracks(data).map(({ library }) => library))).toEqual(new Set([second]));
  expect(world.puts()).toBeLessThan(30);
  expect(archiveState(world.server.dataDir).songs).toEqual(expect.arrayContaining([...kept]));
});

test('somebody asks for another try while the run watches: what was refused is sent then, and nothing else is', async () => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const songs = writeSongs(folder, 3);
  const refusing = world.proxy.addRule({
    method: 'POST',
    path: /direct_uploads/,
    fault: { kind: 'answer', status: 422, body: '{"error":"not today"}' },
  });
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  });
  const run = await engine.start({ watch: true });
  await waitFor(
    'all to have had their turn',
    () =>
      run.snapshot().totals.waiting === 0 && !run.snapshot().scanning && run.snapshot().totals.found === 3,
  );
  expect(refusing.hits()).toBe(1);
  const { failed, archived } = run.snapshot().totals;
  expect(failed).toBeGreaterThan(0);
  expect(ledgerHoldings(data).filter(({ failure_class }) => failure_class === 'refused')).toHaveLength(
    failed,
  );
  leaveMessage(beside(engine.ledger.path), { kind: 'retry', failureClass: 'refused' }, Date.now());
  await waitFor('the rest', () => run.snapshot().totals.archived === 3);
  run.drain();
  expect((await run.done).summary).toMatchObject({ archived: 3, failed: 0, puts: 3 });
  expect(world.puts()).toBe(archived + failed);
  expectHolds(world, songs);
});

test('a file that never comes to rest is listed as changing, the run ends, and the next one takes it', async () => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const [sha] = writeSongs(folder, 1);
  writeSong(folder, 'recording.mp3', { seed: 40 });
  const path = join(folder, 'recording.mp3');
  const versions = new Set([sha, sha256OfFile(path)]);
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
    clock: fastClock(20),
    probe: (point) => {
      // Never while it is read, so that each reading goes well, and each is of something that is no more.
      if (point !== 'read_done') return;
      appendFileSync(path, 'x'.repeat(400));
      versions.add(sha256OfFile(path));
    },
  });
  const { summary } = await engine.sync();
  expect(summary).toMatchObject({ found: 2, archived: 1, failed: 1, waiting: 0 });
  expect(ledgerTracks(data).find((track) => track.path === 'recording.mp3')).toMatchObject({
    state: 'failed',
    reason: 'changing',
  });
  // What was sent meanwhile are whole versions, and not many.
  const sent = archiveState(world.server.dataDir).songs;
  expect(sent.length).toBeLessThanOrEqual(7);
  for (const song of sent) expect(versions).toContain(song);
  await engine.close();
  const quiet = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  });
  expect((await quiet.sync()).summary).toMatchObject({
    found: 2,
    archived: 1,
    already_archived: 1,
    failed: 0,
  });
  expect(archiveState(world.server.dataDir).songs.at(-1)).toBe(sha256OfFile(path));
});

test('the clock is put back by three days while files wait to be read and to be sent: they do not wait for three days', async () => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const songs = writeSongs(folder, 6);
  let back = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() - back };
  world.proxy.addRule({ method: 'PUT', fault: { kind: 'cut-request', afterBytes: 100 }, times: 3 });
  let changed = false;
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
    clock,
    probe: (point) => {
      if (point !== 'scan_committed' || changed) return;
      changed = true;
      writeSong(folder, 'Album 0/5 Song 6.mp3', { title: 'Song 6 again', seed: 6 });
    },
  });
  const run = await engine.start();
  await waitFor(
    'a file to wait',
    () => engine.events.filter(({ outcome }) => outcome === 'retry').length >= 2,
  );
  back = 3 * 86_400_000;
  const { summary } = await run.done;
  expect(summary).toMatchObject({ found: 6, archived: 6, failed: 0, waiting: 0 });
  expect(archiveState(world.server.dataDir).songs).toEqual(expect.arrayContaining(songs.slice(0, 5)));
});

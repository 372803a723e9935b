import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { KillPoint } from '../../../src-main/engine/kill-points.ts';
import { archiveState, expectHolds, startArchiveWorld, type ArchiveWorld } from '../../kit/archive-world.ts';
import { openEngine, type TestEngine } from '../../kit/engine.ts';
import { sha256Of, sha256OfFile } from '../../kit/hash.ts';
import { ledgerTracks } from '../../kit/ledger-rows.ts';
import { songBytes, writeSong, writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';

const LARGE = 4_300_000;

interface Stage {
  readonly world: ArchiveWorld;
  readonly folder: string;
  readonly data: string;
  readonly engine: TestEngine;
  /** Does something once, when a run comes to this point. */
  readonly at: (point: KillPoint, act: () => void) => void;
}

const stage = async (): Promise<Stage> => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  let planned: { readonly point: KillPoint; readonly act: () => void } | undefined;
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
    probe: (point) => {
      if (planned?.point !== point) return;
      const { act } = planned;
      planned = undefined;
      act();
    },
  });
  return { world, folder, data, engine, at: (point, act) => void (planned = { point, act }) };
};

/** What the ledger calls archived lies on the disk with these very bytes, and in the archive too. */
const expectHonest = ({ world, data, folder }: Stage): void => {
  const songs = archiveState(world.server.dataDir).songs;
  for (const track of ledgerTracks(data).filter(
    ({ state, holdings }) => state === 'found' && holdings[0] === 'archived',
  )) {
    expect(track.sha256).toBe(sha256OfFile(join(folder, track.path)));
    expect(songs).toContain(track.sha256);
  }
};

test('a large file is streamed, and stored as it is', async () => {
  const s = await stage();
  const sha = writeSong(s.folder, 'large.mp3', { bytes: LARGE });
  const { summary } = await s.engine.sync();
  expect(summary).toMatchObject({ found: 1, archived: 1, puts: 1 });
  expect(summary.bytes_sent).toBeGreaterThan(4 * 1024 * 1024);
  expectHolds(s.world, [sha]);
});

test.each([
  { what: 'a small file', bytes: 8_000, point: 'read_committed' },
  { what: 'a small file, when its ticket is there', bytes: 8_000, point: 'ticket_committed' },
  { what: 'a large file, before its first byte', bytes: LARGE, point: 'ticket_committed' },
  { what: 'a large file, half sent', bytes: LARGE, point: 'put_half' },
] as const)(
  '$what, replaced as it is sent: one whole version or the other is archived',
  async ({ bytes, point }) => {
    const s = await stage();
    const path = join(s.folder, 'a.mp3');
    const before = writeSong(s.folder, 'a.mp3', { seed: 1, bytes });
    const next = songBytes({ seed: 2, bytes });
    s.at(point, () => {
      writeFileSync(`${path}.new`, next);
      renameSync(`${path}.new`, path);
    });
    const { summary } = await s.engine.sync();
    expect(summary).toMatchObject({ found: 1, archived: 1, failed: 0, waiting: 0 });
    const { songs, objects } = archiveState(s.world.server.dataDir);
    expect(songs.at(-1)).toBe(sha256Of(next));
    for (const sha of [...songs, ...objects]) expect([before, sha256Of(next)]).toContain(sha);
    expect(new Set(songs).size).toBe(songs.length);
    expectHonest(s);
  },
);

test.each([
  { what: 'grows', change: (path: string) => appendFileSync(path, songBytes({ seed: 9 })) },
  { what: 'is cut short', change: (path: string) => truncateSync(path, LARGE / 4) },
  {
    what: 'is written over',
    change: (path: string) => writeFileSync(path, songBytes({ seed: 5, bytes: LARGE }), { flag: 'r+' }),
  },
])(
  'a large file that $what as it is sent is archived as it is afterwards, and torn bytes never',
  async ({ change }) => {
    const s = await stage();
    // Slow enough that most of the file is still on the disk when it changes.
    s.world.proxy.addRule({ method: 'PUT', fault: { kind: 'slow', bytesPerSecond: 9_000_000 } });
    const path = join(s.folder, 'a.mp3');
    const before = writeSong(s.folder, 'a.mp3', { seed: 1, bytes: LARGE });
    s.at('put_started', () => change(path));
    const { summary } = await s.engine.sync();
    const now = sha256OfFile(path);
    expect(summary).toMatchObject({ found: 1, archived: 1, failed: 0, waiting: 0 });
    const { songs, temps } = archiveState(s.world.server.dataDir);
    expect(songs).toContain(now);
    for (const sha of songs) expect([before, now]).toContain(sha);
    expect(temps).toEqual([]);
    expectHonest(s);
    // No byte beyond the length that was announced left: the archive saw no broken request behind a PUT.
    expect(s.world.proxy.requests().filter(({ status }) => status === 400)).toEqual([]);
  },
);

test('a large file that changes in mid-stream of a traditional upload is read again and archived', async () => {
  const s = await stage();
  s.world.proxy.addRule({
    method: 'POST',
    path: /\/songs$/,
    fault: { kind: 'slow', bytesPerSecond: 9_000_000 },
  });
  const path = join(s.folder, 'a.mp3');
  writeSong(s.folder, 'a.mp3', { seed: 1, bytes: LARGE });
  s.at('put_started', () => writeFileSync(path, songBytes({ seed: 5, bytes: LARGE }), { flag: 'r+' }));
  const { summary } = await s.engine.sync({ traditional: true });
  expect(summary).toMatchObject({ found: 1, archived: 1, failed: 0, waiting: 0 });
  expect(archiveState(s.world.server.dataDir).songs).toContain(sha256OfFile(path));
  expectHonest(s);
});

test('a file that is gone when its turn comes is not archived and not found', async () => {
  const s = await stage();
  const [kept] = writeSongs(s.folder, 1);
  writeSong(s.folder, 'z/gone.mp3', { seed: 50, bytes: LARGE });
  s.at('put_half', () => rmSync(join(s.folder, 'z/gone.mp3')));
  s.at('ticket_committed', () => rmSync(join(s.folder, 'z/gone.mp3'), { force: true }));
  const { summary } = await s.engine.sync({ concurrency: 1 });
  expect(summary.failed + summary.waiting).toBe(0);
  expect(archiveState(s.world.server.dataDir).songs).toContain(kept);
  expect(
    ledgerTracks(s.data)
      .filter(({ state }) => state === 'found')
      .map(({ path }) => path),
  ).toEqual(['Album 0/0 Song 1.mp3']);
});

test('one of two files with the same bytes is removed before it is sent: the other one is', async () => {
  const s = await stage();
  const sha = writeSong(s.folder, 'a.mp3', { bytes: LARGE });
  writeSong(s.folder, 'b.mp3', { bytes: LARGE });
  s.at('known_answered', () => rmSync(join(s.folder, 'a.mp3')));
  const { summary } = await s.engine.sync();
  expect(summary).toMatchObject({ found: 1, archived: 1, puts: 1, failed: 0, waiting: 0 });
  expectHolds(s.world, [sha]);
});

test('a folder that cannot be looked into any more costs its own files, not the run', async () => {
  const s = await stage();
  const songs = writeSongs(s.folder, 4);
  writeSong(s.folder, 'Zoo/a.mp3', { seed: 60, bytes: LARGE });
  s.at('known_answered', () => {
    renameSync(join(s.folder, 'Zoo'), join(s.folder, 'Moved away'));
    symlinkSync('Zoo', join(s.folder, 'Zoo'));
  });
  const { summary } = await s.engine.sync({ concurrency: 1 });
  expect(summary).toMatchObject({ archived: 4 });
  expect(archiveState(s.world.server.dataDir).songs).toEqual(expect.arrayContaining([...songs]));
  expectHonest(s);
});

test.each([
  { what: 'is disconnected', act: (folder: string) => renameSync(folder, `${folder}-away`) },
  {
    what: 'gives way to its empty mount point',
    act: (folder: string) => {
      renameSync(folder, `${folder}-away`);
      mkdirSync(folder);
    },
  },
])(
  'a library that $what in mid-run: nothing is taken for deleted, the others go on, and what waits is counted',
  async ({ act }) => {
    const world = await startArchiveWorld();
    const [parent, other, data] = [testFolder('disk'), testFolder('other'), testFolder('data')];
    const folder = join(parent, 'library');
    mkdirSync(folder);
    const lost = writeSongs(folder, 12, 1, 4_300_000);
    const kept = writeSongs(other, 5, 500);
    let puts = 0;
    const engine = await openEngine({
      dataFolder: data,
      url: world.proxy.origin,
      credentials: world.credentials,
      folders: [folder, other],
      probe: (point) => {
        if (point === 'put_committed' && (puts += 1) === 3) act(folder);
      },
    });
    const { summary, scans } = await engine.sync({ concurrency: 2 });
    expect(summary.found).toBe(17);
    expect(summary.failed).toBe(0);
    expect(summary.waiting).toBeGreaterThan(0);
    expect(summary.archived + summary.waiting).toBe(17);
    expect(ledgerTracks(data).filter(({ state }) => state === 'missing')).toEqual([]);
    expect(archiveState(world.server.dataDir).songs).toEqual(expect.arrayContaining([...kept]));
    expect([...scans.values()].map(({ outcome }) => outcome)).toEqual(['unreachable', 'complete']);
    // Connected again, it goes on where it stood.
    rmSync(folder, { recursive: true, force: true });
    renameSync(`${folder}-away`, folder);
    const again = await engine.sync();
    expect(again.summary).toMatchObject({ found: 17, failed: 0, waiting: 0, puts: summary.waiting });
    expectHolds(world, [...lost, ...kept]);
  },
);

test('a library that comes back while the run watches goes on by itself', async () => {
  const world = await startArchiveWorld();
  const [parent, data] = [testFolder('disk'), testFolder('data')];
  const folder = join(parent, 'library');
  mkdirSync(folder);
  const songs = writeSongs(folder, 12, 1, 100_000);
  let puts = 0;
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
    probe: (point) => {
      if (point === 'put_committed' && (puts += 1) === 3) renameSync(folder, `${folder}-away`);
    },
  });
  const run = await engine.start({ watch: true, concurrency: 1 });
  await waitFor('nothing to be in flight', () => puts >= 3 && run.snapshot().inFlight.length === 0);
  expect(run.snapshot().totals).toMatchObject({ found: 12, failed: 0 });
  renameSync(`${folder}-away`, folder);
  run.rescan(1);
  await waitFor('all to be archived', () => run.snapshot().totals.archived === 12);
  run.drain();
  expect((await run.done).summary).toMatchObject({ found: 12, archived: 12, waiting: 0, puts: 12 });
  expectHolds(world, songs);
});

test('what was archived and then changed during the run is archived as it is at the end', async () => {
  const s = await stage();
  const before = writeSong(s.folder, 'a.mp3', { title: 'Before' });
  s.at('record_sent', () => void writeSong(s.folder, 'a.mp3', { title: 'After' }));
  const { summary } = await s.engine.sync();
  const after = sha256OfFile(join(s.folder, 'a.mp3'));
  expect(summary).toMatchObject({ found: 1, archived: 1, already_archived: 0, puts: 2 });
  expectHolds(s.world, [before, after]);
  expect(readFileSync(join(s.folder, 'a.mp3')).equals(songBytes({ title: 'After' }))).toBe(true);
  expectHonest(s);
});

test('an album folder gets another name in mid-run: the run does not end before it is archived there', async () => {
  const { world, folder, engine, at } = await stage();
  const songs = writeSongs(folder, 9);
  const [album = ''] = readdirSync(folder);
  at('read_committed', () => renameSync(join(folder, album), join(folder, 'Another name')));
  const { summary } = await engine.sync({ concurrency: 1 });
  expect(summary).toMatchObject({ found: 9, failed: 0, waiting: 0 });
  expectHolds(world, songs);
});

test('a file with the date of a broken clock is archived like any other, and stays so', async () => {
  const { world, folder, data, engine } = await stage();
  writeSong(folder, 'old.mp3');
  utimesSync(join(folder, 'old.mp3'), new Date('2400-01-01'), new Date('2400-01-01'));
  expect((await engine.sync()).summary).toMatchObject({ found: 1, archived: 1, failed: 0 });
  await engine.close();
  const again = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  });
  expect((await again.sync()).summary).toMatchObject({ found: 1, already_archived: 1, puts: 0 });
});

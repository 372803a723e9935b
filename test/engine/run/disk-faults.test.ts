import { execFileSync } from 'node:child_process';
import { readdirSync, renameSync, rmSync, statfsSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemCode } from '../../../src-main/engine/errors.ts';
import { noProbe, type Probe } from '../../../src-main/engine/kill-points.ts';
import { archiveState, expectHolds, startArchiveWorld, type ArchiveWorld } from '../../kit/archive-world.ts';
import { startCli } from '../../kit/cli.ts';
import { allOpenFiles, systemError } from '../../kit/disk-edge.ts';
import { openEngine, type TestEngine } from '../../kit/engine.ts';
import { sha256Of } from '../../kit/hash.ts';
import { ledgerHoldings, ledgerTracks } from '../../kit/ledger-rows.ts';
import { differences, snapshotLibrary } from '../../kit/library-snapshot.ts';
import { deadShareAt, mountAt, NO_FUSE, NO_MOUNTS, smallDisk, type Mounted } from '../../kit/mounts.ts';
import { songBytes, writeSong, writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';

/** More than is ever kept in memory between being read and being sent. */
const LARGE = 4_300_000;

const enginesOf =
  (world: ArchiveWorld, data: string, folders: readonly string[]) =>
  (probe: Probe = noProbe): Promise<TestEngine> =>
    openEngine({
      dataFolder: data,
      url: world.proxy.origin,
      credentials: world.credentials,
      folders,
      probe,
    });

/** Does something once, when so many PUTs are in the ledger and the first look has found so many tracks. */
const afterPuts = (data: string, found: number, count: number, act: () => void): Probe => {
  let puts = 0;
  let done = false;
  return (point) => {
    if (point !== 'put_committed' || done) return;
    puts += 1;
    if (puts < count || ledgerTracks(data).length < found) return;
    done = true;
    act();
  };
};

const missingIn = (data: string): readonly string[] =>
  ledgerTracks(data)
    .filter(({ state }) => state === 'missing')
    .map(({ path }) => path);

/** What lies in the folder where a disk is to be mounted: somebody made a note, a tool made its own folders. */
const leaveJunk = (place: string): void => {
  writeFileSync(join(place, 'Here comes the music disk.txt'), 'Nothing to see.');
  execFileSync('mkdir', [
    '-p',
    join(place, 'lost+found'),
    join(place, '.Trash-1000/files'),
    join(place, 'tmp'),
  ]);
};

test('a library is unmounted in mid-run and its mount point is not empty: nothing is taken for deleted, the others go on, and mounted again it continues', async (context) => {
  const disk = smallDisk(80);
  if (disk === undefined) return context.skip(NO_MOUNTS);
  const world = await startArchiveWorld();
  const [place, other, data] = [testFolder('library'), testFolder('other'), testFolder('data')];
  leaveJunk(place);
  const lost = writeSongs(disk, 12, 1, LARGE);
  const kept = writeSongs(other, 5, 500);
  const mounted = mountAt(place, disk, 'read-write');
  const open = enginesOf(world, data, [place, other]);

  const first = await open(afterPuts(data, 17, 3, mounted.unmount));
  const { summary, scans } = await first.sync({ concurrency: 2 });
  expect(missingIn(data)).toEqual([]);
  expect(summary).toMatchObject({ found: 17, failed: 0 });
  expect(summary.waiting).toBeGreaterThan(0);
  expect(summary.archived + summary.waiting).toBe(17);
  expect([...scans.values()].map(({ outcome }) => outcome)).toEqual(['unreachable', 'complete']);
  expect(archiveState(world.server.dataDir).songs).toEqual(expect.arrayContaining([...kept]));

  // Nor by a run that begins without the disk, and finds the ledger's unread files not there.
  const without = await first.sync();
  expect(missingIn(data)).toEqual([]);
  expect(without.summary).toMatchObject({ found: 17, failed: 0, waiting: summary.waiting, puts: 0 });
  expect([...without.scans.values()][0]).toMatchObject({ outcome: 'unreachable', reason: 'root_empty' });
  await first.close();

  mountAt(place, disk, 'read-write');
  const again = await (await open()).sync();
  expect(again.summary).toMatchObject({ found: 17, failed: 0, waiting: 0, puts: summary.waiting });
  const taken = world.proxy.requests().filter(({ method, status }) => method === 'PUT' && status === 204);
  expect(taken).toHaveLength(17);
  expectHolds(world, [...lost, ...kept]);
});

test('a disk is taken away in mid-run and put back as another device: the run goes on by itself, and only what is truly gone is missing', async (context) => {
  const disk = smallDisk(80);
  const twin = smallDisk(80);
  if (disk === undefined || twin === undefined) return context.skip(NO_MOUNTS);
  const world = await startArchiveWorld();
  const [place, data] = [testFolder('library'), testFolder('data')];
  const songs = writeSongs(disk, 12, 1, LARGE);
  execFileSync('cp', ['-a', `${disk}/.`, twin]);
  const gone = 'Album 1/11 Song 12.mp3';
  rmSync(join(twin, gone));
  const mounted = mountAt(place, disk, 'read-write');
  const open = enginesOf(world, data, [place]);
  const exchange = afterPuts(data, 12, 2, () => {
    mounted.unmount();
    mountAt(place, twin, 'read-write');
  });
  const { summary, scans } = await (await open(exchange)).sync({ concurrency: 1 });
  expect(summary).toMatchObject({ found: 11, failed: 0, waiting: 0, puts: 11 });
  expect(summary.archived + summary.already_archived).toBe(11);
  expect([...scans.values()]).toMatchObject([{ outcome: 'complete' }]);
  expect(missingIn(data)).toEqual([gone]);
  expect(archiveState(world.server.dataDir).songs).toEqual(expect.arrayContaining(songs.slice(0, -1)));
});

test('a share dies in mid-run and every access to it fails: no file of it is called failed, the others go on, and alive again it continues', async (context) => {
  const world = await startArchiveWorld();
  const [place, other, data] = [testFolder('library'), testFolder('other'), testFolder('data')];
  const probe = testFolder('probe');
  const possible = deadShareAt(probe);
  if (possible === undefined) return context.skip(NO_FUSE);
  expect(() => readdirSync(probe)).toThrow('ENOTCONN');
  possible.unmount();

  const lost = [...writeSongs(place, 150), ...writeSongs(join(place, 'large'), 4, 300, LARGE)];
  const kept = writeSongs(other, 5, 500);
  let dead: Mounted | undefined;
  const open = enginesOf(world, data, [place, other]);
  const first = await open(afterPuts(data, 159, 10, () => (dead = deadShareAt(place))));
  const { summary, scans } = await first.sync({ concurrency: 2 });
  expect(dead).toBeDefined();
  expect(summary).toMatchObject({ found: 159, failed: 0 });
  expect(summary.archived).toBeGreaterThanOrEqual(15);
  expect(summary.waiting).toBeGreaterThan(0);
  expect(summary.archived + summary.waiting).toBe(159);
  expect([...scans.values()]).toMatchObject([
    { outcome: 'unreachable', reason: 'root_unreadable' },
    { outcome: 'complete' },
  ]);
  expect(archiveState(world.server.dataDir).songs).toEqual(expect.arrayContaining([...kept]));
  const states = () => new Set(ledgerTracks(data).map(({ state }) => state));
  expect(states()).toEqual(new Set(['found']));

  // Nor by a run that begins while it is dead.
  const without = await first.sync();
  expect(without.summary).toMatchObject({ found: 159, failed: 0, waiting: summary.waiting, puts: 0 });
  expect(states()).toEqual(new Set(['found']));
  await first.close();

  dead?.unmount();
  const again = await (await open()).sync();
  expect(again.summary).toMatchObject({ found: 159, failed: 0, waiting: 0, puts: summary.waiting });
  expectHolds(world, [...lost, ...kept]);
});

test('a share lets go of a file just when its last byte was sent: it is read again, and the run goes on', async () => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const songs = [...writeSongs(folder, 5), writeSong(folder, 'large.mp3', { seed: 90, bytes: LARGE })];
  const stat = vi.spyOn(await allOpenFiles(), 'stat');
  onTestFinished(() => stat.mockRestore());
  let answeredAfter = 0;
  const engine = await enginesOf(world, data, [folder])((point) => {
    // Only the large one is opened to be sent; with one upload at once, the next answer after that is for it.
    if (point !== 'put_answered' || answeredAfter > 0 || stat.mock.calls.length === 0) return;
    answeredAfter = stat.mock.calls.length;
    stat.mockRejectedValueOnce(systemError('ESTALE'));
  });
  const { summary } = await engine.sync({ concurrency: 1 });
  expect(stat.mock.settledResults[answeredAfter]).toMatchObject({ value: { code: 'ESTALE' } });
  expect(summary).toMatchObject({ found: 6, archived: 6, failed: 0, waiting: 0 });
  expectHolds(world, songs);
});

test('a library on a disk that may only be read is archived like any other', async (context) => {
  const disk = smallDisk(20);
  if (disk === undefined) return context.skip(NO_MOUNTS);
  const world = await startArchiveWorld();
  const [place, data] = [testFolder('library'), testFolder('data')];
  const songs = [...writeSongs(disk, 12), writeSong(disk, 'large.mp3', { seed: 90, bytes: LARGE })];
  const before = snapshotLibrary(disk);
  mountAt(place, disk, 'read-only');
  expect(() => writeFileSync(join(place, 'x'), '')).toThrow('EROFS');
  const engine = await enginesOf(world, data, [place])();
  expect((await engine.sync()).summary).toMatchObject({ found: 13, archived: 13, failed: 0, waiting: 0 });
  expect((await engine.sync()).summary).toMatchObject({ found: 13, already_archived: 13, puts: 0 });
  expectHolds(world, songs);
  expect(differences(before, snapshotLibrary(disk))).toEqual([]);
});

const fill = (disk: string): string => {
  const ballast = join(disk, 'ballast');
  const { bavail, bsize } = statfsSync(disk);
  try {
    writeFileSync(ballast, Buffer.alloc(bavail * bsize));
  } catch (error) {
    // Who works there took some of it meanwhile: it is as full as it was to be.
    if (systemCode(error) !== 'ENOSPC') throw error;
  }
  return ballast;
};

test('the disk of the data folder is full in mid-run: the run says so and ends, and with room again it continues without sending anything twice', async (context) => {
  const disk = smallDisk(12);
  if (disk === undefined) return context.skip(NO_MOUNTS);
  const world = await startArchiveWorld();
  const credentials = await world.withPassword();
  if (credentials.kind !== 'password') throw new Error('a password was asked for');
  const [folder, data] = [testFolder('library'), join(disk, 'data')];
  const songs = writeSongs(folder, 60);
  const sync = () => {
    const client = startCli(
      [
        'sync',
        folder,
        '--url',
        world.proxy.origin,
        '--username',
        credentials.email,
        '--data-dir',
        data,
      ].concat(['--concurrent', '4', '--json']),
      { env: { LEDGERLINE_PASSWORD: credentials.password } },
    );
    onTestFinished(async () => {
      client.kill();
      await client.done;
    });
    return client;
  };
  const stored = (): number => ledgerHoldings(data).filter(({ state }) => state === 'archived').length;

  const slow = world.proxy.addRule({ method: 'PUT', fault: { kind: 'delay', ms: 60 }, times: Infinity });
  const first = sync();
  await waitFor('some to be archived', () => world.puts() >= 8 && stored() >= 4);
  const ballast = fill(disk);
  const ended = await first.done;
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('its disk is full');
  expect(ended.stderr).toContain('make room and start again');
  expect(ended.stderr).not.toMatch(/SQLITE|at .*\.ts:/);
  rmSync(ballast);
  slow.remove();

  // The archive may know more than the client could write down, and never less.
  await waitFor('the last upload', () => world.proxy.requests().every(({ outcome }) => outcome !== 'open'));
  const { songs: recorded, objects: kept } = archiveState(world.server.dataDir);
  expect(stored()).toBeGreaterThan(0);
  expect(recorded.length).toBeGreaterThanOrEqual(stored());
  expect(kept.length).toBeLessThan(60);
  world.proxy.forgetRequests();
  const second = await sync().done;
  expect(second).toMatchObject({ code: 0, json: { found: 60, failed: 0, waiting: 0 } });
  expect(world.puts()).toBe(60 - kept.length);
  expectHolds(world, songs);
});

test('a file system that gives every file another inode and change time at each mount: all is read again, nothing is sent, and an edit that kept size and date is found', async () => {
  const world = await startArchiveWorld();
  const [parent, data] = [testFolder('library'), testFolder('data')];
  const folder = join(parent, 'library');
  const songs = [...writeSongs(folder, 9), writeSong(folder, 'edited.mp3', { title: 'One', seed: 70 })];
  const open = enginesOf(world, data, [folder]);
  const mountAnew = (): void => {
    execFileSync('cp', ['-a', folder, `${folder}-anew`]);
    rmSync(folder, { recursive: true });
    renameSync(`${folder}-anew`, folder);
  };
  const inode = (): bigint => statSync(join(folder, 'edited.mp3'), { bigint: true }).ino;
  const engine = await open();
  await engine.sync();
  for (let time = 1; time <= 2; time += 1) {
    const before = inode();
    // A number that was given back may be given out again at once.
    for (let tries = 0; inode() === before && tries < 5; tries += 1) mountAnew();
    expect(inode()).not.toBe(before);
    expect((await engine.sync()).summary).toMatchObject({
      found: 10,
      already_archived: 10,
      failed: 0,
      puts: 0,
    });
  }
  const path = join(folder, 'edited.mp3');
  const edited = songBytes({ title: 'Two', seed: 70 });
  expect(edited).toHaveLength(statSync(path).size);
  writeFileSync(path, edited);
  utimesSync(path, 1_600_000_000, 1_600_000_000);
  mountAnew();
  expect((await engine.sync()).summary).toMatchObject({
    found: 10,
    archived: 1,
    already_archived: 9,
    puts: 1,
  });
  expectHolds(world, [...songs, sha256Of(edited)]);
});

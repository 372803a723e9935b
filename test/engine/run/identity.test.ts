import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectHolds, startArchiveWorld, type ArchiveWorld } from '../../kit/archive-world.ts';
import { openEngine, type RunWishes } from '../../kit/engine.ts';
import { sha256Of } from '../../kit/hash.ts';
import { ledgerTracks } from '../../kit/ledger-rows.ts';
import { songBytes, writeSong, writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import type { RunSummary } from '../../../shared/run.ts';

/** One run as a program of its own: everything is opened anew and closed again. */
const syncOnce = async (
  world: ArchiveWorld,
  data: string,
  folders: readonly string[],
  wishes?: RunWishes,
): Promise<RunSummary> => {
  world.proxy.forgetRequests();
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders,
  });
  const { summary } = await engine.sync(wishes);
  await engine.close();
  // A traditional upload is a POST to the songs themselves.
  expect(world.puts() + world.asked('POST', /\/songs$/)).toBe(summary.puts);
  return summary;
};

test('the same bytes at three paths and in two libraries go once to each of two archives', async () => {
  const [one, other] = [await startArchiveWorld(), await startArchiveWorld()];
  const [first, second] = [testFolder('first'), testFolder('second')];
  const sha = writeSong(first, 'A/a.mp3');
  writeSong(first, 'B/again.mp3');
  writeSong(second, 'copy.mp3');
  const data = testFolder('data');
  expect(await syncOnce(one, data, [first, second])).toMatchObject({
    found: 3,
    archived: 1,
    already_archived: 2,
    puts: 1,
  });
  expect(await syncOnce(other, data, [first, second])).toMatchObject({
    found: 3,
    archived: 1,
    already_archived: 2,
    puts: 1,
  });
  expectHolds(one, [sha]);
  expectHolds(other, [sha]);
  expect(ledgerTracks(data).map(({ holdings }) => holdings)).toEqual([
    ['archived', 'archived'],
    ['archived', 'archived'],
    ['archived', 'archived'],
  ]);
  expect(await syncOnce(one, data, [first, second])).toMatchObject({ already_archived: 3, puts: 0 });
});

test('a renamed file is moved without an upload', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  const songs = writeSongs(folder, 3);
  const data = testFolder('data');
  await syncOnce(world, data, [folder]);
  renameSync(join(folder, 'Album 0/0 Song 1.mp3'), join(folder, 'Album 0/zero.mp3'));
  expect(await syncOnce(world, data, [folder])).toMatchObject({
    found: 3,
    archived: 0,
    already_archived: 2,
    moved: 1,
    puts: 0,
  });
  expect(ledgerTracks(data).map(({ path, state }) => `${state} ${path}`)).toEqual([
    'found Album 0/1 Song 2.mp3',
    'found Album 0/2 Song 3.mp3',
    'found Album 0/zero.mp3',
  ]);
  expectHolds(world, songs);
  expect(await syncOnce(world, data, [folder])).toMatchObject({ already_archived: 3, moved: 0, puts: 0 });
});

test('a rename in letters alone is a move too', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  const sha = writeSong(folder, 'So What.mp3');
  const data = testFolder('data');
  await syncOnce(world, data, [folder]);
  renameSync(join(folder, 'So What.mp3'), join(folder, 'so what.mp3'));
  expect(await syncOnce(world, data, [folder])).toMatchObject({ found: 1, moved: 1, puts: 0 });
  expectHolds(world, [sha]);
});

test.each(['from the first to the second', 'from the second to the first'])(
  'a move between two libraries, %s, needs no upload',
  async (direction) => {
    const world = await startArchiveWorld();
    const [first, second] = [testFolder('first'), testFolder('second')];
    const songs = [...writeSongs(first, 2), writeSong(second, 'Box/there.mp3', { seed: 99 })];
    const data = testFolder('data');
    await syncOnce(world, data, [first, second]);
    if (direction === 'from the first to the second')
      renameSync(join(first, 'Album 0/0 Song 1.mp3'), join(second, 'moved.mp3'));
    // The folder that it was in stays: the library is there, and no bare place where a disk should be.
    else renameSync(join(second, 'Box/there.mp3'), join(first, 'moved.mp3'));
    expect(await syncOnce(world, data, [first, second])).toMatchObject({
      found: 3,
      archived: 0,
      already_archived: 2,
      moved: 1,
      puts: 0,
    });
    expectHolds(world, songs);
  },
);

test('a re-tagged file is sent as what it is now, once', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  const songs = writeSongs(folder, 2);
  const data = testFolder('data');
  await syncOnce(world, data, [folder]);
  const retagged = writeSong(folder, 'Album 0/0 Song 1.mp3', { title: 'Better', seed: 1 });
  expect(await syncOnce(world, data, [folder])).toMatchObject({
    found: 2,
    archived: 1,
    already_archived: 1,
    puts: 1,
  });
  expectHolds(world, [...songs, retagged]);
});

test('a tag edit that keeps size and mtime is noticed and sent', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  const old = writeSong(folder, 'a.mp3', { title: 'Title 1' });
  const data = testFolder('data');
  await syncOnce(world, data, [folder]);
  const edited = songBytes({ title: 'Title 2' });
  expect(edited.length).toBe(songBytes({ title: 'Title 1' }).length);
  const path = join(folder, 'a.mp3');
  writeFileSync(path, edited, { flag: 'r+' });
  utimesSync(path, 1_600_000_000, 1_600_000_000);
  expect(await syncOnce(world, data, [folder])).toMatchObject({ found: 1, archived: 1, puts: 1 });
  expectHolds(world, [old, sha256Of(edited)]);
});

test('touch, chmod and a copy put back in its place leave archived what is archived', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  const songs = writeSongs(folder, 3);
  const data = testFolder('data');
  await syncOnce(world, data, [folder]);
  utimesSync(join(folder, 'Album 0/0 Song 1.mp3'), new Date(), new Date());
  chmodSync(join(folder, 'Album 0/1 Song 2.mp3'), 0o640);
  const replaced = join(folder, 'Album 0/2 Song 3.mp3');
  copyFileSync(replaced, `${replaced}.new`);
  renameSync(`${replaced}.new`, replaced);
  expect(await syncOnce(world, data, [folder])).toMatchObject({
    found: 3,
    archived: 0,
    already_archived: 3,
    moved: 0,
    puts: 0,
  });
  expectHolds(world, songs);
});

test('a file that went away and came back is archived as before', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  const songs = writeSongs(folder, 2);
  const data = testFolder('data');
  await syncOnce(world, data, [folder]);
  const path = join(folder, 'Album 0/0 Song 1.mp3');
  const bytes = readFileSync(path);
  rmSync(path);
  expect(await syncOnce(world, data, [folder])).toMatchObject({ found: 1, already_archived: 1, puts: 0 });
  writeFileSync(path, bytes);
  expect(await syncOnce(world, data, [folder])).toMatchObject({ found: 2, already_archived: 2, puts: 0 });
  expectHolds(world, songs);
});

test('a lost ledger is built again from files and archive, and no byte is sent', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  const songs = writeSongs(folder, 5);
  await syncOnce(world, testFolder('data'), [folder]);
  const fresh = testFolder('data');
  expect(await syncOnce(world, fresh, [folder])).toMatchObject({
    found: 5,
    archived: 0,
    already_archived: 5,
    puts: 0,
    bytes_sent: 0,
  });
  expect(world.asked('POST', /direct_upload|create_from_blob/)).toBe(0);
  expectHolds(world, songs);
});

test('the traditional way brings every file through the archive, and asks for no ticket', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  const songs = writeSongs(folder, 3);
  mkdirSync(join(folder, 'More'));
  const odd = writeSong(folder, 'More/qu"o\nte ü 100%.mp3', { seed: 77 });
  const large = writeSong(folder, 'More/large.mp3', { seed: 78, bytes: 5 * 1024 * 1024 });
  const data = testFolder('data');
  expect(await syncOnce(world, data, [folder], { traditional: true })).toMatchObject({
    found: 5,
    archived: 5,
    failed: 0,
  });
  expect(world.asked('POST', /direct_upload|create_from_blob/)).toBe(0);
  expectHolds(world, [...songs, odd, large]);
  expect(await syncOnce(world, data, [folder], { traditional: true })).toMatchObject({
    already_archived: 5,
    puts: 0,
  });
});

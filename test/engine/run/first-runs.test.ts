import { expect, test } from 'vitest';
import { archiveState, expectHolds, startArchiveWorld } from '../../kit/archive-world.ts';
import { openEngine } from '../../kit/engine.ts';
import { ledgerCounts, ledgerTracks } from '../../kit/ledger-rows.ts';
import { differences, snapshotLibrary } from '../../kit/library-snapshot.ts';
import { sha256OfFile } from '../../kit/hash.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { generateLibrary } from '../../tools/generator/generate.ts';

test('a first run archives every format with its tags, and touches nothing in the library', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  const library = await generateLibrary({
    out: folder,
    files: 24,
    size: 20_000,
    duplicates: 0.25,
    oddNames: true,
  });
  const before = snapshotLibrary(folder);
  const data = testFolder('data');
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  });
  const { summary, interrupted } = await engine.sync();
  expect(interrupted).toBe(false);
  expect(summary).toMatchObject({ failed: 0, waiting: 0 });
  const contents = new Set(
    library.tracks.map(({ path }) => sha256OfFile(Buffer.concat([Buffer.from(`${folder}/`), path]))),
  );
  expect(summary.archived).toBe(contents.size);
  expect(summary.already_archived).toBe(library.tracks.length - contents.size);
  expect(world.puts()).toBe(contents.size);
  expectHolds(world, [...contents]);
  expect(differences(before, snapshotLibrary(folder))).toEqual([]);
  expect(
    ledgerTracks(data).filter(({ state, holdings }) => state === 'found' && holdings[0] === 'archived'),
  ).toHaveLength(library.tracks.length);
});

test('a second run over an unchanged library sends nothing and leaves no new row', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  const songs = writeSongs(folder, 12);
  const data = testFolder('data');
  const options = {
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  };
  const first = await openEngine(options);
  expect((await first.sync()).summary).toMatchObject({ found: 12, archived: 12, puts: 12 });
  await first.close();
  const rows = ledgerCounts(data);
  const state = archiveState(world.server.dataDir);
  world.proxy.forgetRequests();
  const second = await openEngine(options);
  const { summary } = await second.sync();
  expect(summary).toMatchObject({
    found: 12,
    archived: 0,
    already_archived: 12,
    moved: 0,
    failed: 0,
    waiting: 0,
    puts: 0,
    bytes_sent: 0,
  });
  // Only whether the newest song is there still.
  expect([world.asked('POST', /songs/), world.asked('POST', /songs\/known$/)]).toEqual([1, 1]);
  expect(world.puts()).toBe(0);
  expect(ledgerCounts(data)).toEqual(rows);
  expect(archiveState(world.server.dataDir)).toEqual(state);
  expectHolds(world, songs);
});

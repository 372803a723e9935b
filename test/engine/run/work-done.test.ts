import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startArchiveWorld } from '../../kit/archive-world.ts';
import { openEngine } from '../../kit/engine.ts';
import { writeSong } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';

test('what landed and what was read anew counts as archived in its minute, what only came back does not', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  for (const [seed, path] of ['a/1.mp3', 'a/2.mp3', 'b/3.mp3', 'c/4.mp3'].entries())
    writeSong(folder, path, { seed: seed + 1 });
  const engine = await openEngine({
    dataFolder: testFolder('data'),
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  });
  const { ledger } = engine;
  const syncs = async () => {
    const { summary } = await engine.sync();
    const [archive] = ledger.archives.all();
    const done = ledger.pace.sum(archive?.id ?? 0, 0, Number.MAX_SAFE_INTEGER);
    const { found, skipped, missing, moved } = summary;
    return { counted: done.tracksArchived, found, skipped, missing, moved };
  };
  const exclude = (exclusions: string[]) => ledger.commit(() => ledger.settings.write({ exclusions }));
  expect(await syncs()).toMatchObject({ counted: 4, found: 4 });

  await exclude(['a/']);
  // A file keeps all of its times when its folder is moved.
  const [album, away] = [join(folder, 'b'), join(testFolder('away'), 'b')];
  renameSync(album, away);
  expect(await syncs()).toMatchObject({ counted: 4, found: 3, skipped: 2, missing: 1 });

  await exclude([]);
  renameSync(away, album);
  expect(await syncs()).toMatchObject({ counted: 4, found: 4, skipped: 0, missing: 0 });

  copyFileSync(join(folder, 'a/1.mp3'), join(folder, 'again.mp3'));
  renameSync(join(folder, 'c/4.mp3'), join(folder, 'moved.mp3'));
  expect(await syncs()).toMatchObject({ counted: 6, found: 5, moved: 1 });
  expect(world.puts()).toBe(4);
});

test('two places of the same bytes wait for one upload, and both count when it lands', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  writeSong(folder, 'a/1.mp3');
  writeSong(folder, 'b/1.mp3');
  const engine = await openEngine({
    dataFolder: testFolder('data'),
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  });
  await engine.sync();
  const [archive] = engine.ledger.archives.all();
  const done = engine.ledger.pace.sum(archive?.id ?? 0, 0, Number.MAX_SAFE_INTEGER);
  expect(done).toMatchObject({ tracksArchived: 2, tracksSent: 1 });
  expect(done.bytesArchived).toBe(2 * done.bytesSent);
});

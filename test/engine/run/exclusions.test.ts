import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectHolds, startArchiveWorld } from '../../kit/archive-world.ts';
import { openEngine } from '../../kit/engine.ts';
import { ledgerTracks } from '../../kit/ledger-rows.ts';
import { writeSong } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';

test('a line that is added under way is followed at once, and taken away it sends nothing twice', async () => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  const songs = ['a/1.mp3', 'Podcasts/2.mp3', 'Podcasts/3.mp3'].map((path, seed) =>
    writeSong(folder, path, { seed: seed + 1 }),
  );
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  });
  const set = async (exclusions: string[]): Promise<void> => {
    await engine.ledger.commit(() => engine.ledger.settings.write({ exclusions }));
    run.reconsider();
  };
  const run = await engine.start({ watch: true });
  const totals = () => run.snapshot().totals;
  await waitFor('all three', () => totals().archived === 3 && !run.snapshot().scanning);
  await set(['podcasts/']);
  await waitFor('two to be left out', () => totals().skipped === 2);
  expect(totals()).toMatchObject({ found: 3, waiting: 0 });
  songs.push(writeSong(folder, 'Podcasts/4.mp3', { seed: 4 }));
  await set(['podcasts/', '*.wav']);
  await waitFor('the look to begin', () => run.snapshot().scanning);
  await waitFor('the look to end', () => !run.snapshot().scanning);
  expect(totals()).toMatchObject({ found: 3, skipped: 2 });
  await set([]);
  await waitFor('all four', () => totals().archived + totals().already_archived === 4);
  expect(world.puts()).toBe(4);
  run.drain();
  expect((await run.done).summary).toMatchObject({ found: 4, skipped: 0, missing: 0, puts: 4 });
  expectHolds(world, songs);
});

test('a file that is excluded while it is read is told and kept as excluded, whatever the reading came to', async () => {
  const world = await startArchiveWorld();
  const [folder, data] = [testFolder('library'), testFolder('data')];
  writeFileSync(join(folder, 'noise.mp3'), 'This is no music at all.');
  const engine = await openEngine({
    dataFolder: data,
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
    probe: (point) => {
      if (point !== 'read_done') return;
      const { ledger } = engine;
      const [library] = ledger.libraries.all();
      const [archive] = ledger.archives.all();
      const [track] = ledger.tracks.unread(library?.id ?? 0, Date.now(), 1);
      // What a scan brings; its commit comes before that of the reading.
      void ledger.commit(() =>
        ledger.takeIn(library?.id ?? 0, [{ kind: 'excluded', trackId: track?.id ?? 0 }], {
          runId: 1,
          archiveId: archive?.id ?? 0,
        }),
      );
      ledger.settings.write({ exclusions: ['noise.mp3'] });
    },
  });
  expect((await engine.sync()).summary).toMatchObject({ found: 1, skipped: 1, failed: 0 });
  expect(ledgerTracks(data)).toMatchObject([{ state: 'skipped', reason: 'excluded' }]);
  expect(engine.events).toEqual([]);
});

import { expect, test } from 'vitest';
import { expectHolds, startArchiveWorld } from '../../kit/archive-world.ts';
import { openEngine } from '../../kit/engine.ts';
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

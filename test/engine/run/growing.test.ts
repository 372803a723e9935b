import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { settledAt } from '../../../src-main/engine/library/settling.ts';
import { expectHolds, startArchiveWorld } from '../../kit/archive-world.ts';
import { openEngine } from '../../kit/engine.ts';
import { sha256Of } from '../../kit/hash.ts';
import { songBytes } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';

test('a file that is being copied into a watched library is archived once, when it is whole', async () => {
  const world = await startArchiveWorld();
  const folder = testFolder('library');
  const engine = await openEngine({
    dataFolder: testFolder('data'),
    url: world.proxy.origin,
    credentials: world.credentials,
    folders: [folder],
  });
  const run = await engine.start({ watch: true });
  const [library] = engine.ledger.libraries.all();
  mkdirSync(join(folder, 'Album'));
  const path = join(folder, 'Album', 'copy.mp3');
  const bytes = songBytes({ seed: 4, bytes: 200_000 });
  const tenth = Math.ceil(bytes.length / 10);
  writeFileSync(path, bytes.subarray(0, tenth));
  for (let at = tenth; at < bytes.length; at += tenth) {
    run.rescan(library?.id ?? 0);
    await sleep(400);
    appendFileSync(path, bytes.subarray(at, at + tenth));
  }
  run.rescan(library?.id ?? 0);
  await waitFor('it to be archived', () => run.snapshot().totals.archived === 1, { timeoutMs: 60_000 });
  run.drain();
  expect((await run.done).summary).toMatchObject({ found: 1, archived: 1, failed: 0, puts: 1 });
  expectHolds(world, [sha256Of(bytes)]);
});

test('what was written a moment ago may be read when it has lain still for five seconds', () => {
  const now = Date.UTC(2026, 0, 1);
  const at = (milliseconds: number) => ({ mtimeNs: BigInt(now + milliseconds) * 1_000_000n });
  expect([-1, -4_999, -5_000, -86_400_000, 3_600_000].map((ago) => settledAt(at(ago), now))).toEqual([
    now + 4_999,
    now + 1,
    0,
    0,
    0,
  ]);
});

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pageStateSchema } from '../../../shared/bridge/state.ts';
import { callsOf, openTestHost, refOf, sees } from '../../kit/host.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';

test('the nights and the curve of the work outlive the program, and end with it when nothing waits', async () => {
  const root = testFolder('root');
  writeSongs(join(root, 'Music'), 6, 1, 40_000);
  const dataFolder = testFolder('data');
  const first = await openTestHost({ roots: [root], dataFolder });
  expect((await first.calls.state(null)).nights).toEqual([]);
  await first.calls.addLibrary(await refOf(callsOf(first), root, 'Music'));
  await first.calls.useArchiveHere(null);
  await first.calls.start(null);
  const done = await sees(first, 'all in the night', ({ nights }) => nights[0]?.tracks === 6);
  expect(pageStateSchema.parse(done).nights).toMatchObject([
    { kind: 'now', tracks: 6, bytes: done.standing.bytesArchived, tracksToCome: 0 },
  ]);
  const pace = await first.calls.pace({ hours: 1 });
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  expect([sum(pace.bytes), sum(pace.tracks)]).toEqual([done.standing.bytesArchived, 6]);
  await first.calls.pause('until_resumed');
  await first.close();

  // Found by the first look of the next program; a watcher would take its time.
  writeSongs(join(root, 'Music', 'more'), 2, 50, 40_000);
  const second = await openTestHost({ roots: [root], dataFolder });
  const again = await second.calls.pace({ hours: 1 });
  expect([sum(again.bytes), sum(again.tracks)]).toEqual([sum(pace.bytes), 6]);
  const more = await sees(second, 'two that wait', ({ standing }) => standing.waiting === 2);
  expect(more.work?.endsAt).toBeUndefined();
  const planned = await sees(second, 'another night of work', ({ nights }) => nights[0]?.tracksToCome === 2);
  expect(planned.nights.reduce((total, night) => total + night.bytesToCome, 0)).toBe(
    planned.standing.bytesWaiting,
  );
  expect(second.faults).toEqual([]);
});

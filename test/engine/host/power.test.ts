import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callsOf, openTestHost, refOf, sees } from '../../kit/host.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';

test('on battery the work waits where a person wished so, and the page is told why; plugged in it goes on', async () => {
  const root = testFolder('root');
  writeSongs(join(root, 'Music'), 2);
  const host = await openTestHost({ roots: [root] });
  await host.calls.addLibrary(await refOf(callsOf(host), root, 'Music'));
  await host.calls.useArchiveHere(null);
  host.power({ onBattery: true, suspended: false });
  await host.calls.changeSettings({ pauseOnBattery: true });
  await host.calls.start(null);
  const waiting = await sees(
    host,
    'what waits',
    ({ work, standing }) => work?.gate.reason === 'battery' && standing.waiting === 2,
  );
  expect(waiting).toMatchObject({ standing: { archived: 0 }, work: { gate: { state: 'closed' } } });
  host.power({ onBattery: false, suspended: false });
  await sees(host, 'all is archived', ({ standing }) => standing.archived === 2);
  expect(host.faults).toEqual([]);
});

import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PageState } from '../../../shared/bridge/state.ts';
import { callsOf, openTestHost, refOf, sees } from '../../kit/host.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';

/** What a person would be told that all is archived for. */
const claimsAll = ({ work, standing }: PageState): boolean =>
  work !== null && work.looked && standing.waiting === 0 && standing.found > 0;

test('nobody is told that all is archived before every folder was looked through, also a new one and after a start', async () => {
  const root = testFolder('root');
  writeSongs(join(root, 'First'), 2);
  writeSongs(join(root, 'Second'), 3, 50);
  const host = await openTestHost({ roots: [root] });
  await host.calls.addLibrary(await refOf(callsOf(host), root, 'First'));
  await host.calls.useArchiveHere(null);
  await host.calls.start(null);
  await sees(host, 'the first folder is archived', (s) => s.standing.archived === 2 && claimsAll(s));

  const told: PageState[] = [];
  const stop = host.onState((state) => void told.push(state));
  await host.calls.addLibrary(await refOf(callsOf(host), root, 'Second'));
  // The run of the first folder alone is still under way now.
  told.push(await host.calls.state(null));
  await sees(host, 'both are archived', (s) => {
    told.push(s);
    return s.standing.archived === 5 && claimsAll(s);
  });
  stop();
  const early = told.filter((s) => s.libraries.length === 2 && s.standing.archived < 5 && claimsAll(s));
  expect(early).toEqual([]);
  const { dataFolder } = host;
  await host.close();

  // What came while nobody looked is not known yet at the next start.
  writeSongs(join(root, 'First'), 1, 90);
  const next = await openTestHost({ roots: [root], dataFolder });
  const after: PageState[] = [];
  await sees(next, 'the new one is archived', (s) => {
    after.push(s);
    return s.standing.archived === 6 && claimsAll(s);
  });
  expect(after.filter((s) => s.standing.archived < 6 && claimsAll(s))).toEqual([]);
  expect([...host.faults, ...next.faults]).toEqual([]);
});

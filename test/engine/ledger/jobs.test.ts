import { expect, onTestFinished, test } from 'vitest';
import { createBookkeeping } from '../../../src-main/engine/bookkeeping.ts';
import { openLedger } from '../../../src-main/engine/ledger/ledger.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { handClock } from '../../kit/clocks.ts';
import { testFolder } from '../../kit/test-folder.ts';

test('a piece of work began when the first of it was archived, also where that was noticed in the next minute', async () => {
  const clock = handClock(Date.UTC(2030, 0, 10, 12) - 400);
  const ledger = openLedger(testFolder('data'), nodeLaunch.sqlFolder('ledger'), new Date());
  onTestFinished(() => ledger.close());
  const { id } = await ledger.commit(() => ledger.archives.ensure('a', 'a', 0));
  const books = createBookkeeping({ ledger, clock, archiveId: id, libraryIds: [] });
  const began = clock.now();
  books.archived({ tracks: 1, bytes: 10 });
  clock.advance(600);
  books.archived({ tracks: 1, bytes: 10 });
  await books.rest();
  expect(ledger.jobs.get(id)).toEqual({ beganAt: began, endedAt: clock.now() });

  clock.advance(3_600_000);
  await books.rest();
  expect(ledger.jobs.get(id)?.beganAt).toBe(began);
});

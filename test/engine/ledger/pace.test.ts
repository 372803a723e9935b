import { expect, onTestFinished, test } from 'vitest';
import { paceSchema } from '../../../shared/bridge/pace.ts';
import { paceOf } from '../../../src-main/engine/host/pace.ts';
import { type Ledger, openLedger } from '../../../src-main/engine/ledger/ledger.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { testFolder } from '../../kit/test-folder.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOON = Date.UTC(2030, 0, 10, 12);

const open = async (
  folder = testFolder('data'),
): Promise<{ ledger: Ledger; archive: number; folder: string }> => {
  const ledger = openLedger(folder, nodeLaunch.sqlFolder('ledger'), new Date());
  onTestFinished(() => ledger.close().catch(() => undefined));
  const { id } = await ledger.commit(() => ledger.archives.ensure('a', 'a', 0));
  return { ledger, archive: id, folder };
};

test('what is not written yet counts at once; it is written at most once a minute, and then it outlives the program', async () => {
  const { ledger, archive, folder } = await open();
  expect(ledger.pace.isDue(NOON)).toBe(false);
  ledger.pace.add(archive, NOON, { bytesSent: 100 });
  ledger.pace.add(archive, NOON + 59_000, { bytesSent: 20, tracksSent: 1 });
  expect(ledger.pace.isDue(NOON + 59_999)).toBe(false);
  expect(ledger.pace.sum(archive, NOON, NOON + MINUTE)).toMatchObject({ bytesSent: 120, tracksSent: 1 });
  expect(ledger.pace.isDue(NOON + MINUTE)).toBe(true);
  await ledger.commit(() => ledger.pace.keep(NOON + MINUTE));
  expect(ledger.pace.isDue(NOON + MINUTE)).toBe(false);
  ledger.pace.add(archive, NOON + MINUTE, { bytesSent: 1 });
  expect(ledger.pace.since(archive, NOON)).toMatchObject([{ bytesSent: 120 }, { bytesSent: 1 }]);
  await ledger.close();
  const again = await open(folder);
  expect(again.ledger.pace.since(archive, NOON)).toMatchObject([{ bytesSent: 120, tracksSent: 1 }]);
});

test('a fortnight is kept, and the newest busy minutes are found', async () => {
  const { ledger, archive } = await open();
  for (let day = 0; day <= 20; day += 1) {
    ledger.pace.add(archive, NOON + day * DAY, { bytesSent: day });
    await ledger.commit(() => ledger.pace.keep(NOON + day * DAY));
  }
  expect(ledger.pace.since(archive, 0)).toHaveLength(15);
  ledger.pace.add(archive, NOON + 20 * DAY + MINUTE, { tracksArchived: 3 });
  expect(ledger.pace.busyBefore(archive, NOON + 21 * DAY, 2).map(({ bytesSent }) => bytesSent)).toEqual([
    20, 19,
  ]);
});

test('another archive has its own', async () => {
  const { ledger, archive } = await open();
  const { id } = await ledger.commit(() => ledger.archives.ensure('b', 'b', 0));
  ledger.pace.add(archive, NOON, { bytesSent: 1 });
  ledger.pace.add(id, NOON, { bytesSent: 2 });
  await ledger.commit(() => ledger.pace.keep(NOON));
  expect(ledger.pace.since(id, 0)).toMatchObject([{ bytesSent: 2 }]);
});

test.each([1, 3, 6, 12, 24, 48])(
  'the curve of %i hours has at most 200 steps that hold everything',
  async (hours) => {
    const { ledger, archive } = await open();
    const now = NOON + 34_567;
    for (let minute = 0; minute < hours * 60; minute += 1)
      ledger.pace.add(archive, now - minute * MINUTE, { bytesSent: 60, tracksSent: 1 });
    const pace = paceSchema.parse(paceOf(ledger.pace, archive, hours, now));
    expect(pace.bytes.length).toBeLessThanOrEqual(200);
    expect(pace.bytes.length * pace.stepMs).toBe(hours * 60 * MINUTE);
    expect(pace.from + pace.bytes.length * pace.stepMs).toBeGreaterThan(now);
    const steps = pace.bytes.slice(1, -1);
    expect(new Set(steps)).toEqual(new Set([pace.stepMs / 1_000]));
    expect(pace.tracks.at(-1)).toBeGreaterThan(0);
  },
);

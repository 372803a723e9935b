import { describe, expect, test } from 'vitest';
import type { Night } from '../../shared/bridge/pace.ts';
import { formatsFor } from '../../shared/formats.ts';
import { curveWords, isTelling } from '../../src-renderer/words/curve.ts';
import { lastNightWords, measuresOf } from '../../src-renderer/words/nights.ts';
import { initialsOf, tintOf } from '../../src-renderer/words/sleeve.ts';
import { chromiumPath } from '../kit/browser.ts';
import { standingOf, stateOf, workOf } from '../kit/page-states.ts';
import { waitFor } from '../kit/wait-for.ts';
import { scriptedPages } from './support/scripted-page.ts';

const HOUR = 3_600_000;
const formats = formatsFor('en-GB', 'UTC');
/** Sunday 22 November 2026, ten in the evening. */
const SUNDAY = Date.UTC(2026, 10, 22, 22);

const night = (kind: Night['kind'], day: number, done: number, toCome: number): Night => ({
  kind,
  from: SUNDAY + day * 24 * HOUR,
  to: SUNDAY + day * 24 * HOUR + 9 * HOUR,
  tracks: done,
  bytes: done * 1e6,
  tracksToCome: toCome,
  bytesToCome: toCome * 1e6,
});
const THREE = [night('past', -1, 30_000, 0), night('now', 0, 10_000, 10_000), night('coming', 1, 0, 50_000)];

describe('the nights of the work', () => {
  test('are as wide as their share, and filled up to now', () => {
    const measures = measuresOf(THREE, formats);
    expect(measures.map(({ start, share, done }) => [start, share, done])).toEqual([
      [0, 0.3, 1],
      [0.3, 0.2, 0.5],
      [0.5, 0.5, 0],
    ]);
    expect(measures.map(({ name, count }) => `${name} · ${count}`)).toEqual([
      'Saturday night · 30,000',
      'Tonight · 20,000',
      'Monday night · 50,000',
    ]);
    expect(measures.map(({ words }) => words)).toEqual([
      'Saturday night, 22:00 to 07:00: 30,000 tracks, 30.0 GB.',
      'Tonight, 22:00 to 07:00: 10,000 tracks, 10.0 GB so far; about 10,000 tracks, 10.0 GB still to come.',
      'Monday night, 22:00 to 07:00: about 50,000 tracks, 50.0 GB.',
    ]);
  });

  test('a night in which nothing is done and nothing will be has no measure', () => {
    expect(measuresOf([night('past', -1, 0, 0), night('now', 0, 5, 5)], formats)).toHaveLength(1);
    expect(measuresOf([night('past', -1, 0, 0)], formats)).toEqual([]);
    expect(measuresOf([], formats)).toEqual([]);
  });

  test('what begins after midnight belongs to the evening before', () => {
    const [first] = measuresOf([{ ...night('coming', 0, 0, 5), from: SUNDAY + 3 * HOUR }], formats);
    expect(first?.name).toBe('Sunday night');
  });

  test.each([
    [1, ''],
    [2, ', in the second of two nights'],
    [5, ', in the last of five nights'],
    [12, ', in the last of 12 nights'],
  ])('%i of them', (count, words) => {
    const nights = Array.from({ length: count }, (_, i) => night('coming', i, 0, 1));
    expect(lastNightWords(nights, formats)).toBe(words);
  });
});

describe('the curve in words', () => {
  const pace = (bytes: readonly number[]) => ({
    from: SUNDAY,
    stepMs: 60_000,
    bytes: [...bytes],
    tracks: [],
  });

  test('tells what was sent, and when it went fastest', () => {
    expect(curveWords(pace([0, 60e6, 240e6, 120e6]), formats)).toBe(
      'Since 22:00: 420 MB sent, fastest about 22:02 with 4.0 MB/s.',
    );
    expect(curveWords(pace([0, 0]), formats)).toBe('Nothing was sent in the last hours.');
  });

  test.each([
    [[], false],
    [[5], false],
    [[0, 0, 0], false],
    [[0, 5], true],
  ])('%j is a curve: %s', (bytes, wanted) => {
    expect(isTelling({ bytes })).toBe(wanted);
  });
});

test.each([
  ['Harbour Sessions', 'HS'],
  ['fahrplan', 'F'],
  ['  "Zimowe listy" (live)', 'ZL'],
  ['99 Luftballons', '9L'],
  ['…', ''],
  ['', ''],
])('a sleeve without a picture: %j has the letters %j, and always one tint', (title, letters) => {
  expect(initialsOf(title)).toBe(letters);
  expect(tintOf(title)).toBe(tintOf(title));
  expect([0, 1, 2, 3, 4, 5]).toContain(tintOf(title));
});

describe.skipIf(chromiumPath === undefined)('tonight', () => {
  const open = scriptedPages('tonight');
  const working = stateOf({
    standing: standingOf({ archived: 40_000, waiting: 60_000, bytesArchived: 40e9, bytesWaiting: 60e9 }),
    work: workOf({ endsAt: Date.now() + 100 * HOUR }),
    nights: THREE,
  });

  test('has a measure for each night, which tells its own when it is gone to', async () => {
    const { page, offences } = await open(working);
    await page
      .getByText(/in the last of three nights\./)
      .first()
      .waitFor();
    const nights = page.getByRole('list', { name: 'Nights' }).getByRole('button');
    expect(await nights.count()).toBe(3);
    const [now, coming] = await Promise.all([nights.nth(1).boundingBox(), nights.nth(2).boundingBox()]);
    expect((coming?.width ?? 0) / (now?.width ?? 1)).toBeCloseTo(2.5, 1);
    await page.keyboard.press('Tab');
    await nights.nth(1).focus();
    await page.getByRole('tooltip').filter({ hasText: 'still to come' }).waitFor();
    expect(offences).toEqual([]);
  });

  test('draws how fast it went, and says so', async () => {
    const from = Date.now() - 2 * HOUR;
    const { page, asked, offences } = await open(working, {
      pace: () => ({ from, stepMs: 60_000, bytes: [0, 60e6, 240e6], tracks: [0, 2, 8] }),
    });
    await page.getByRole('img', { name: /fastest about .* with 4\.0 MB\/s/ }).waitFor();
    await waitFor('the drawing', async () => (await page.locator('.curve canvas').count()) === 1);
    expect(asked('pace')).toEqual([{ hours: 8 }]);
    expect(offences).toEqual([]);
  });

  test('shows of what is on its way the cover, or letters where there is none or it would not come', async () => {
    const flight = { path: 'a/b.mp3', bytes: 10e6, sent: 5e6, title: 'Blue in Amber', artist: 'Orla Quist' };
    const inFlight = [
      { ...flight, album: 'Harbour Sessions', cover: null },
      { ...flight, path: 'c.mp3', title: 'Nachtzug', album: 'Fahrplan', cover: 'f'.repeat(32) },
    ];
    const { page } = await open(stateOf({ ...working, work: workOf({ inFlight }) }));
    await page.getByText('Blue in Amber').waitFor();
    await page.getByText('Orla Quist · Harbour Sessions').waitFor();
    await page.locator('.flights .sleeve-lettered', { hasText: 'HS' }).waitFor();
    // The store of covers is bounded: this one has just been given up.
    await page.locator('.flights .sleeve-lettered', { hasText: /^F$/ }).waitFor();
    expect(await page.locator('.flights img').count()).toBe(0);
  });
});

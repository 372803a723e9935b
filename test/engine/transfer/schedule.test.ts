import { expect, onTestFinished, test } from 'vitest';
import { isWithin, nextTime, restAt, tonight } from '../../../src-main/engine/transfer/schedule.ts';

/** Local time, for the hours of the night are those of this computer's clock. */
const at = (hour: number, minute = 0, day = 10): number => new Date(2026, 5, day, hour, minute).getTime();
const night = { from: '22:00', to: '06:00' };

test.each([
  [22, 0, true],
  [23, 59, true],
  [0, 0, true],
  [5, 59, true],
  [6, 0, false],
  [12, 0, false],
  [21, 59, false],
])('a window over midnight at %i:%i: open %s', (hour, minute, open) => {
  expect(isWithin(night, at(hour, minute))).toBe(open);
});

test('a window within a day, and one that ends when it begins', () => {
  expect([8, 9, 16, 17].map((hour) => isWithin({ from: '09:00', to: '17:00' }, at(hour)))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect([0, 6, 12].map((hour) => isWithin({ from: '06:00', to: '06:00' }, at(hour)))).toEqual([
    true,
    true,
    true,
  ]);
});

test('the next time of day is today where it is still to come, else tomorrow', () => {
  expect(nextTime('22:00', at(21, 59))).toBe(at(22));
  expect(nextTime('22:00', at(22))).toBe(at(22, 0, 11));
  expect(nextTime('00:00', at(23, 30))).toBe(at(0, 0, 11));
  // Across every day of a year, and so over days that are 23 and 25 hours long where there are such.
  for (let day = 0; day < 366; day += 1) {
    const next = new Date(nextTime('03:30', new Date(2026, 0, 1 + day, 12).getTime()));
    expect([next.getDate(), next.getMinutes()]).toEqual([new Date(2026, 0, 2 + day).getDate(), 30]);
  }
});

test('in the night in which an hour comes twice, a time of day that is still to come again is not a day away', () => {
  const zone = process.env['TZ'];
  process.env['TZ'] = 'Europe/Berlin';
  onTestFinished(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });
  // The second ten past two of that night, in winter time.
  const now = Date.UTC(2026, 9, 25, 1, 10);
  expect(nextTime('02:30', now)).toBe(Date.UTC(2026, 9, 25, 1, 30));
  expect(nextTime('02:05', now)).toBe(Date.UTC(2026, 9, 26, 1, 5));
  expect(nextTime('03:30', now)).toBe(Date.UTC(2026, 9, 25, 2, 30));
  expect(nextTime('02:30', Date.UTC(2026, 9, 25, 0, 10))).toBe(Date.UTC(2026, 9, 25, 0, 30));
});

test('until tonight is when the window opens, or ten in the evening without one', () => {
  expect(tonight({ nightWindow: night }, at(12))).toBe(at(22));
  expect(tonight({ nightWindow: { from: '23:30', to: '05:00' } }, at(12))).toBe(at(23, 30));
  expect(tonight({ nightWindow: null }, at(12))).toBe(at(22));
});

test.each<[string, Parameters<typeof restAt>[0], number, ReturnType<typeof restAt>]>([
  ['nothing is wished', { pause: null, nightWindow: null }, at(12), undefined],
  ['paused', { pause: { until: null }, nightWindow: null }, at(12), { reason: 'paused' }],
  [
    'paused for a while',
    { pause: { until: at(13) }, nightWindow: null },
    at(12),
    { reason: 'paused', until: at(13) },
  ],
  ['a pause that is over', { pause: { until: at(12) }, nightWindow: null }, at(12), undefined],
  ['by day', { pause: null, nightWindow: night }, at(12), { reason: 'night', until: at(22) }],
  ['by night', { pause: null, nightWindow: night }, at(23), undefined],
  ['paused by night', { pause: { until: null }, nightWindow: night }, at(23), { reason: 'paused' }],
  [
    'a pause is over by day',
    { pause: { until: at(11) }, nightWindow: night },
    at(12),
    { reason: 'night', until: at(22) },
  ],
])('%s', (_what, settings, now, rest) => {
  expect(restAt(settings, now)).toEqual(rest);
});

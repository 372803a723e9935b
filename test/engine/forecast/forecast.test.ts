import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { endsAt, type Hours } from '../../../src-main/engine/forecast/ends-at.ts';
import { nightsOf, type NightFacts } from '../../../src-main/engine/forecast/nights.ts';
import { durationOf, measuredRate } from '../../../src-main/engine/forecast/rate.ts';
import type { MinuteDone } from '../../../src-main/engine/ledger/pace.ts';
import { isWithin } from '../../../src-main/engine/transfer/schedule.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 5, day, hour, minute).getTime();
const NIGHT = { from: '22:00', to: '06:00' };
const OPEN: Hours = { pause: null, nightWindow: null };

/** The same numbers each time. */
const numbers = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

describe('when it is done', () => {
  test('without hours of the night: as long as it takes from now on', () => {
    expect(endsAt(at(10, 15), 30 * HOUR, OPEN)).toBe(at(11, 21));
    expect(endsAt(at(10, 15), 0, OPEN)).toBe(at(10, 15));
  });

  test('with a window only its hours count', () => {
    const hours = { ...OPEN, nightWindow: NIGHT };
    expect(endsAt(at(10, 23), 7 * HOUR, hours)).toBe(at(11, 6));
    expect(endsAt(at(10, 23), 8 * HOUR, hours)).toBe(at(11, 23));
    expect(endsAt(at(10, 12), 20 * HOUR, hours)).toBe(at(13, 2));
  });

  test('a pause is waited for; one without an end lets nobody tell', () => {
    expect(endsAt(at(10, 15), HOUR, { ...OPEN, pause: { until: at(10, 18) } })).toBe(at(10, 19));
    expect(endsAt(at(10, 15), HOUR, { nightWindow: NIGHT, pause: { until: at(11, 3) } })).toBe(at(11, 4));
    expect(endsAt(at(10, 15), HOUR, { ...OPEN, pause: { until: at(10, 14) } })).toBe(at(10, 16));
    expect(endsAt(at(10, 15), HOUR, { ...OPEN, pause: { until: null } })).toBeUndefined();
    expect(endsAt(at(10, 15), undefined, OPEN)).toBeUndefined();
  });
});

describe('how fast it goes', () => {
  const minute = (i: number, bytesSent: number, tracksSent: number): MinuteDone => ({
    minute: i,
    bytesSent,
    tracksSent,
    bytesArchived: 0,
    tracksArchived: 0,
  });
  const still = { bytes: 0, tracks: 0 };

  test('at the start of a night it is as it was at the end of the one before', () => {
    const minutes = [5, 4, 3, 2].map((i) => minute(i, 6e6, 60));
    expect(measuredRate(minutes, still, null)).toEqual({ bytes: 1e5, tracks: 1 });
  });

  test('minutes that were cut short do not count, and a new limit does', () => {
    const minutes = [minute(9, 10, 0), minute(8, 6e6, 60), minute(7, 6e6, 60), minute(6, 6e6, 60)];
    expect(measuredRate(minutes, still, null)).toEqual({ bytes: 1e5, tracks: 1 });
    expect(measuredRate(minutes, still, 20_000)).toEqual({ bytes: 20_000, tracks: 1 });
  });

  test('before there is enough to tell by, it is the last half minute; else nobody knows', () => {
    expect(measuredRate([minute(9, 1, 1)], { bytes: 5, tracks: 2 }, null)).toEqual({ bytes: 5, tracks: 2 });
    expect(measuredRate([], still, null)).toBeUndefined();
    expect(durationOf({ waiting: 5, bytesWaiting: 5 }, undefined)).toBeUndefined();
    expect(durationOf({ waiting: 0, bytesWaiting: 0 }, undefined)).toBe(0);
    expect(durationOf({ waiting: 30, bytesWaiting: 100 }, { bytes: 10, tracks: 2 })).toBe(15_000);
  });
});

/** Archived by minute of the clock. */
type Archived = ReadonlyMap<number, number>;
const archivedIn =
  (archived: Archived): NightFacts['archivedIn'] =>
  (from, to) => {
    let tracks = 0;
    for (const [time, count] of archived) if (time >= from && time < to) tracks += count;
    return { tracksArchived: tracks, bytesArchived: tracks * 1_000 };
  };

describe('the nights of the work', () => {
  test('past, present and coming ones: two that were, this one, and the rest', () => {
    const archived: Archived = new Map([
      [at(10, 23), 100],
      [at(12, 1), 200],
      // After the window, when what was under way was finished: it counts for the night before.
      [at(12, 6, 2), 5],
      [at(12, 22, 30), 50],
    ]);
    const nights = nightsOf({
      now: at(12, 23),
      job: { beganAt: at(10, 20), endedAt: null },
      hours: { pause: null, nightWindow: NIGHT },
      waiting: 100,
      bytesWaiting: 1_000,
      milliseconds: 10 * HOUR,
      archivedIn: archivedIn(archived),
    });
    const rows = nights.map((night) => [night.kind, night.from, night.to, night.tracks, night.tracksToCome]);
    expect(rows).toEqual([
      ['past', at(10, 22), at(11, 6), 100, 0],
      ['past', at(11, 22), at(12, 6), 205, 0],
      ['now', at(12, 22), at(13, 6), 50, 70],
      ['coming', at(13, 22), at(14, 6), 0, 30],
    ]);
  });

  test('without hours of the night they are from noon to noon', () => {
    const nights = nightsOf({
      now: at(10, 18),
      job: { beganAt: at(10, 17, 30), endedAt: null },
      hours: OPEN,
      waiting: 100,
      bytesWaiting: 1_000,
      milliseconds: 36 * HOUR,
      archivedIn: archivedIn(new Map([[at(10, 17, 30), 10]])),
    });
    expect(nights.map(({ kind, from, tracks, tracksToCome }) => [kind, from, tracks, tracksToCome])).toEqual([
      ['now', at(10, 12), 10, 50],
      ['coming', at(11, 12), 0, 50],
    ]);
  });

  test('no work, no nights', () => {
    expect(
      nightsOf({
        now: 0,
        job: undefined,
        hours: OPEN,
        waiting: 3,
        bytesWaiting: 3,
        milliseconds: 1,
        archivedIn: archivedIn(new Map()),
      }),
    ).toEqual([]);
  });

  const pick = numbers(7);
  const timeOfDay = (): string => `${String(pick(24)).padStart(2, '0')}:${String(pick(60)).padStart(2, '0')}`;
  const anything = () => {
    const now = at(1 + pick(28), pick(24), pick(60));
    const beganAt = now - pick(13 * DAY);
    const nightWindow = pick(3) === 0 ? null : { from: timeOfDay(), to: timeOfDay() };
    const pause = [null, { until: null }, { until: now + pick(3 * DAY) }][pick(3)] ?? null;
    const archived = new Map(
      Array.from({ length: pick(30) }, () => {
        const moment = beganAt + pick(now - beganAt + 1);
        return [Math.floor(moment / 60_000) * 60_000, 1 + pick(500)] as const;
      }),
    );
    const waiting = pick(4) === 0 ? 0 : 1 + pick(65_000);
    const milliseconds = pick(5) === 0 ? undefined : 1 + pick(200 * HOUR);
    const hours: Hours = { pause, nightWindow };
    return { now, beganAt, hours, archived, waiting, milliseconds };
  };

  test('what they archived and are going to is all of it, whatever the hours, the pause and the clock', () => {
    for (let round = 0; round < 400; round += 1) {
      const { now, beganAt, hours, archived, waiting, milliseconds } = anything();
      const nights = nightsOf({
        now,
        job: { beganAt, endedAt: null },
        hours,
        waiting,
        bytesWaiting: waiting * 7,
        milliseconds,
        archivedIn: archivedIn(archived),
      });
      const sum = (of: (night: (typeof nights)[number]) => number): number =>
        nights.reduce((total, night) => total + of(night), 0);
      const all = [...archived.values()].reduce((total, count) => total + count, 0);
      expect(sum(({ tracks }) => tracks)).toBe(all);
      expect(sum(({ tracksToCome }) => tracksToCome)).toBe(waiting);
      expect(sum(({ bytesToCome }) => bytesToCome)).toBe(waiting * 7);
      expect(nights.every(({ kind, tracksToCome }) => kind !== 'past' || tracksToCome === 0)).toBe(true);
      expect(nights.filter(({ kind }) => kind === 'now').length).toBeLessThanOrEqual(1);
      expect(nights.every((night, i) => i === 0 || (nights[i - 1]?.to ?? 0) <= night.from)).toBe(true);
    }
  });

  test('the end lies in the hours of the night and after the pause', () => {
    for (let round = 0; round < 400; round += 1) {
      const { now, hours, milliseconds } = anything();
      const end = endsAt(now, milliseconds, hours);
      const until = hours.pause?.until ?? now;
      const isRight =
        end === undefined ||
        (end > until && (hours.nightWindow === null || isWithin(hours.nightWindow, end - 1)));
      expect(isRight).toBe(true);
    }
  });
});

/** The hours of a night and when ten hours of work are done that begin with it, where the clocks are those of Berlin. */
const inBerlin = (
  year: number,
  month: number,
  day: number,
): { readonly hours: number; readonly end: string } => {
  const program = `
    import { nightAt } from ${JSON.stringify(moduleUrl('calendar.ts'))};
    import { endsAt } from ${JSON.stringify(moduleUrl('ends-at.ts'))};
    const nightWindow = { from: '22:00', to: '06:00' };
    const { from, to } = nightAt(new Date(${year}, ${month}, ${day}, 0, 30).getTime(), nightWindow);
    const end = new Date(endsAt(from, 10 * 3600000, { pause: null, nightWindow }));
    console.log(JSON.stringify({ hours: (to - from) / 3600000, end: end.toTimeString().slice(0, 5) }));`;
  const told = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { TZ: 'Europe/Berlin' },
  });
  return JSON.parse(told.toString()) as { hours: number; end: string };
};

const moduleUrl = (name: string): string =>
  new URL(`../../../src-main/engine/forecast/${name}`, import.meta.url).href;

test.each([
  ['before summer an hour is missing', 2, 29, { hours: 7, end: '01:00' }],
  ['before winter there is one more', 9, 25, { hours: 9, end: '23:00' }],
  ['else they are eight', 5, 10, { hours: 8, end: '00:00' }],
])('in the night in which the clocks change, %s', (_, month, day, expected) => {
  expect(inBerlin(2026, month, day)).toEqual(expected);
});

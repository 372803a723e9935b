import { describe, expect, test } from 'vitest';
import { estimate, estimateAsMeasured, measuredRate } from '../../src-main/engine/plan/estimate.ts';
import { planFor } from '../../src-main/headless/dry-run/plan.ts';
import { parseLineSpeed } from '../../src-main/headless/line-speed.ts';

const NIGHT = 8 * 3600;

describe('the speed of a line', () => {
  test.each([
    ['20mbit', 2_500_000],
    ['20 Mbit/s', 2_500_000],
    ['20mbps', 2_500_000],
    ['20Mbits', 2_500_000],
    ['1gbit', 125_000_000],
    ['500kbit', 62_500],
    ['2MB/s', 2_000_000],
    ['2 MB', 2_000_000],
    ['1,5 MB/s', 1_500_000],
    ['900000byte', 900_000],
  ])('%s is %d bytes a second', (text, bytes) => {
    expect(parseLineSpeed(text)).toBe(bytes);
  });

  test.each(['', '20', '0mbit', '-5mbit', 'fast', '20 Mb/s', '20mbit/h', '1e9bit'])(
    '"%s" is not taken for one',
    (text) => {
      expect(() => parseLineSpeed(text)).toThrow(/write it like 20mbit or 2MB\/s/);
    },
  );
});

describe('how long it takes', () => {
  test('large files take as long as the line needs, however many go at once', () => {
    const load = { files: 100, bytes: 2.5e6 * NIGHT };
    for (const uploads of [5, 10, 20])
      expect(estimate(load, { bytesPerSecond: 2.5e6, secondsPerFile: 0.1 }, uploads)).toMatchObject({
        hours: 8,
        nights: 1,
      });
  });

  test('many small files take as long as the asking, which uploads share', () => {
    const load = { files: 1_000_000, bytes: 1 };
    const pace = { bytesPerSecond: 1e9, secondsPerFile: 0.36 };
    expect(estimate(load, pace, 5)).toMatchObject({ hours: 20, nights: 3 });
    expect(estimate(load, pace, 20)).toMatchObject({ hours: 5, nights: 1 });
  });

  test('nothing takes no time', () => {
    expect(estimate({ files: 0, bytes: 0 }, { bytesPerSecond: 1, secondsPerFile: 1 }, 5)).toMatchObject({
      seconds: 0,
      nights: 0,
    });
  });
});

describe('what earlier runs tell', () => {
  test('the best of them counts, for in the others something else went on', () => {
    const rate = measuredRate([
      { puts: 1000, bytes: 1e9, seconds: 100 },
      { puts: 100, bytes: 1e9, seconds: 90_000 },
    ]);
    expect(rate).toEqual({ bytesPerSecond: 1e7, filesPerSecond: 10 });
    expect(estimateAsMeasured({ files: 36_000, bytes: 1e9 }, rate ?? fail())).toMatchObject({ hours: 1 });
  });

  test('a handful of files tells nothing', () => {
    expect(measuredRate([{ puts: 19, bytes: 1e9, seconds: 1 }])).toBeUndefined();
    expect(measuredRate([])).toBeUndefined();
  });
});

describe('the table', () => {
  const load = { files: 65_000, bytes: 450e9 };

  test('has the line that was named, and says what it rests on', () => {
    const plan = planFor(load, { here: false, line: 2.5e6, measured: undefined });
    expect(plan.rows).toHaveLength(1);
    expect(plan.rows[0]).toMatchObject({
      estimates: [
        { uploads: 5, hours: 50, nights: 7 },
        { uploads: 10, hours: 50, nights: 7 },
        { uploads: 20, hours: 50, nights: 7 },
      ],
    });
    expect(plan.assumptions.join(' ')).toContain('the line you named');
  });

  test('shows usual lines where none was named, and what was measured before them', () => {
    const measured = { bytesPerSecond: 1e6, filesPerSecond: 5 };
    const plan = planFor(load, { here: false, line: undefined, measured });
    expect(plan.rows.map(({ kind }) => kind)).toEqual(['measured', 'pace', 'pace', 'pace', 'pace']);
    expect(plan.assumptions.join(' ')).toContain('Measured');
  });

  test('knows that an archive on this computer needs no line', () => {
    const plan = planFor(load, { here: true, line: undefined, measured: undefined });
    expect(plan.rows).toMatchObject([{ kind: 'pace', isDisk: true }]);
  });
});

const fail = (): never => {
  throw new Error('there should be a rate');
};

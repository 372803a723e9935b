import { describe, expect, test } from 'vitest';
import { formatsFor } from '../../shared/formats.ts';

const british = formatsFor('en-GB', 'UTC');
const german = formatsFor('de-DE', 'UTC');
/** A Sunday. */
const NOW = Date.UTC(2026, 10, 22, 23, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('sizes', () => {
  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [99_949, '99.9 kB'],
    [99_951, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [3_400_000, '3.4 MB'],
    [450_000_000_000, '450 GB'],
    [2e18, '2,000 PB'],
  ])('%d is %s', (bytes, text) => {
    expect(british.bytes(bytes)).toBe(text);
  });

  test('digits are the language of the system', () => {
    expect(german.bytes(3_400_000)).toBe('3,4 MB');
    expect(german.count(65_000)).toBe('65.000');
    expect(german.files(65_000)).toBe('65.000 files');
  });

  test('one file is one file', () => {
    expect(british.files(1)).toBe('1 file');
    expect(british.files(0)).toBe('0 files');
  });
});

describe('shares', () => {
  test.each([
    [0, 0, '0 %'],
    [1, 3, '33 %'],
    [9999, 10_000, '99 %'],
    [10_000, 10_000, '100 %'],
    [12, 10, '100 %'],
  ])('%d of %d is %s: never all before all is done', (part, whole, text) => {
    expect(british.percent(part, whole)).toBe(text);
  });
});

describe('durations', () => {
  test.each([
    [0.04, '0.0 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.6, '1 min'],
    [192, '3 min 12 s'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
    [86_400, '1 day'],
    [360_000, '4 days 4 h'],
  ])('%d s is %s', (seconds, text) => {
    expect(british.duration(seconds)).toBe(text);
  });

  test.each([
    [0.001, '1 min'],
    [0.5, '30 min'],
    [2.5, '2.5 h'],
    [110.4, '110 h'],
  ])('%d hours are %s', (hours, text) => {
    expect(british.hours(hours)).toBe(text);
  });
});

describe('when it ends', () => {
  test.each([
    [NOW + 20_000, 'within a minute'],
    [NOW - HOUR, 'within a minute'],
    [NOW + 12 * MINUTE, 'about 23:12'],
    [NOW + 6 * HOUR + 41 * MINUTE, 'on Monday about 05:40'],
    [NOW + 30 * HOUR, 'on Tuesday about 05:00'],
    [NOW + 11 * 24 * HOUR, 'on 3 December'],
  ])('%d', (at, text) => {
    expect(british.when(at, NOW)).toBe(text);
  });

  test('what was is told with the day, except for today', () => {
    expect(british.past(NOW - HOUR, NOW)).toBe('today at 22:00');
    expect(british.past(NOW - 48 * HOUR, NOW)).toBe('on 20 November 2026 at 23:00');
  });
});

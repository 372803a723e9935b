import { wrapped } from '../../src-main/headless/terminal/wrap.ts';
import { describe, expect, test } from 'vitest';
import { cutEnd, cutStart, widthOf } from '../../src-main/headless/terminal/width.ts';

const DECOMPOSED = 'e\u0301';
const FAMILY = '👨‍👩‍👧';

describe('how wide a text is', () => {
  test.each([
    ['', 0],
    ['Björk', 5],
    [DECOMPOSED, 1],
    ['夜明け', 6],
    ['한국', 4],
    ['🎵', 2],
    [FAMILY, 2],
    ['Łąka', 4],
    ['…', 1],
  ])('%s takes %d columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe('cutting', () => {
  test('a text that fits stays whole', () => {
    expect(cutStart('abc', 3)).toBe('abc');
    expect(cutEnd('abc', 3)).toBe('abc');
  });

  test('the end of a path stays, the beginning of a sentence too', () => {
    expect(cutStart('Artist/Album/01 Song.flac', 13)).toBe('…01 Song.flac');
    expect(cutEnd('The archive is full', 12)).toBe('The archive…');
  });

  test('a character is never cut in two, and none is wider than allowed', () => {
    for (const text of [`${FAMILY}${FAMILY}x`, '夜明け夜明け', `${DECOMPOSED}${DECOMPOSED}${DECOMPOSED}`])
      for (let columns = 0; columns < 8; columns += 1) {
        expect(widthOf(cutStart(text, columns))).toBeLessThanOrEqual(columns);
        expect(widthOf(cutEnd(text, columns))).toBeLessThanOrEqual(columns);
      }
    expect(cutStart(`${FAMILY}${FAMILY}x`, 4)).toBe(`…${FAMILY}x`);
  });
});

test('text is broken between words, and never in one', () => {
  expect(wrapped('  3 files: The disk could not read this file.', 24, 4)).toEqual([
    '  3 files: The disk',
    '    could not read this',
    '    file.',
  ]);
  expect(wrapped('unbreakable-as-it-is', 5)).toEqual(['unbreakable-as-it-is']);
  expect(wrapped('as it was', Number.POSITIVE_INFINITY)).toEqual(['as it was']);
});

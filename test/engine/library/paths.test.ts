import { describe, expect, it } from 'vitest';
import {
  displayPath,
  fromKey,
  joinPath,
  overlaps,
  splitPath,
  toKey,
} from '../../../src-main/engine/library/paths.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('paths as bytes', () => {
  it('are joined and taken apart again', () => {
    for (const [folder, name] of [
      ['', 'a.mp3'],
      ['a/b', 'c\xff.mp3'],
      ['\xff', '\n'],
    ] as const) {
      const path = joinPath(bytes(folder), bytes(name));
      expect(splitPath(path)).toEqual({ folder: bytes(folder), name: bytes(name) });
    }
    expect(joinPath(bytes('/'), bytes('a'))).toEqual(bytes('/a'));
    expect(joinPath(bytes('/m/'), bytes('a'))).toEqual(bytes('/m/a'));
  });

  it('survive as keys, also as a view into shared memory', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    expect(fromKey(toKey(all))).toEqual(all);
    expect(toKey(all.subarray(65, 68))).toBe('ABC');
  });
});

describe('libraries that overlap', () => {
  it.each([
    ['/music', '/music', true],
    ['/music', '/music/', true],
    ['/music', '/music/jazz', true],
    ['/music/jazz', '/music', true],
    ['/', '/music', true],
    ['/music', '/music2', false],
    ['/music/a', '/music/b', false],
    ['/music', '/Music', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(overlaps(bytes(a), bytes(b))).toBe(expected);
  });
});

describe('a path that is shown', () => {
  it.each([
    [Buffer.from('caf\u00e9/\u{1f468}\u200d\u{1f469}.mp3'), 'caf\u00e9/\u{1f468}\u200d\u{1f469}.mp3'],
    [bytes('caf\xe9.mp3'), 'caf\\xe9.mp3'],
    [bytes('\xe2\x82 \xf0\x9f\x8e\xb5 \xc3'), '\\xe2\\x82 \u{1f3b5} \\xc3'],
    [Buffer.from('a\nb\u001b[31m\u007f'), 'a\\u{a}b\\u{1b}[31m\\u{7f}'],
    [Buffer.from('song\u202e3pm.exe'), 'song\\u{202e}3pm.exe'],
    [Buffer.from('zero\u200bwidth\u2028'), 'zero\\u{200b}width\\u{2028}'],
  ])('is safe and tells what is there', (path, shown) => {
    expect(displayPath(path)).toBe(shown);
  });
});

import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  colourFor,
  drawable,
  drawIcon,
  TRAY_SHAPES,
  type TrayShape,
} from '../../src-main/desktop/tray/icon.ts';
import { pngOf } from '../../src-main/desktop/tray/png.ts';

const SIZES = [16, 20, 22, 24, 32, 48, 66];

const at = (mask: Uint8Array, size: number, x: number, y: number): number =>
  mask[Math.floor((y / 16) * size) * size + Math.floor((x / 16) * size)] ?? 0;

const ink = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value, 0) / 255;

const draw = (shape: TrayShape, share: number, size = 32): Uint8Array => drawIcon({ shape, share }, size);

/** Pixels that a person would call different. */
const differing = (one: Uint8Array, other: Uint8Array): number =>
  one.reduce((count, value, i) => count + (Math.abs(value - (other[i] ?? 0)) > 96 ? 1 : 0), 0);

describe('the ring', () => {
  test('is faint all the way at 0 %, and strong all the way at 100 %', () => {
    for (const size of SIZES) {
      const [empty, full] = [draw('working', 0, size), draw('working', 1, size)];
      for (const [x, y] of [
        [8, 1.6],
        [14.4, 8],
        [8, 14.4],
        [1.6, 8],
      ] as const) {
        expect(at(empty, size, x, y)).toBeGreaterThan(40);
        expect(at(empty, size, x, y)).toBeLessThan(110);
        expect(at(full, size, x, y)).toBeGreaterThan(150);
      }
    }
  });

  test('at 37 % is strong from twelve to half past four, and faint after that', () => {
    for (const size of SIZES) {
      const mask = draw('working', 0.37, size);
      // At one, three and four o'clock; then at six, nine and eleven.
      for (const [x, y] of [
        [11.2, 2.5],
        [14.4, 8],
        [13.5, 11.2],
      ] as const)
        expect(at(mask, size, x, y)).toBeGreaterThan(130);
      for (const [x, y] of [
        [8, 14.4],
        [1.6, 8],
        [4.8, 2.5],
      ] as const)
        expect(at(mask, size, x, y)).toBeLessThan(110);
    }
  });

  test('grows with the share, without a step back', () => {
    const inks = Array.from({ length: 65 }, (_, step) => ink(draw('working', step / 64)));
    expect(inks).toEqual(inks.toSorted((a, b) => a - b));
    expect(inks.at(-1)).toBeGreaterThan((inks[0] ?? 0) * 1.5);
  });

  test('is never full before all is done, nor empty once something is', () => {
    expect(drawable({ shape: 'working', share: 0.9999 }).share).toBeLessThan(1);
    expect(drawable({ shape: 'working', share: 0.0001 }).share).toBeGreaterThan(0);
    expect(drawable({ shape: 'working', share: 0 }).share).toBe(0);
    expect(drawable({ shape: 'working', share: 1 }).share).toBe(1);
  });
});

describe('each state', () => {
  test('has a shape of its own, told apart without colour, at each size and share', () => {
    for (const size of SIZES)
      for (const share of [0, 0.37, 1])
        for (const [i, one] of TRAY_SHAPES.entries())
          for (const other of TRAY_SHAPES.slice(i + 1)) {
            const pixels = differing(draw(one, share, size), draw(other, share, size));
            expect({ size, share, one, other, enough: pixels >= size * 0.5 }).toEqual({
              size,
              share,
              one,
              other,
              enough: true,
            });
          }
  });

  test('has what makes it known: two bars, a moon, a slash, a mark, a tick', () => {
    const size = 64;
    const paused = draw('paused', 0.5, size);
    expect([at(paused, size, 6, 8), at(paused, size, 8, 8), at(paused, size, 10, 8)]).toEqual([255, 0, 255]);
    const night = draw('night', 0.5, size);
    expect(at(night, size, 5.5, 9)).toBe(255);
    expect(at(night, size, 9.5, 7)).toBe(0);
    const offline = draw('offline', 1, size);
    expect(at(offline, size, 8, 8)).toBe(255);
    expect(at(offline, size, 3.5, 3.5)).toBe(255);
    expect(at(offline, size, 11.3, 2.5)).toBe(0);
    const attention = draw('attention', 0.5, size);
    expect([at(attention, size, 8, 6.5), at(attention, size, 10.8, 8)]).toEqual([0, 255]);
    const done = draw('done', 1, size);
    expect([at(done, size, 7, 10.8), at(done, size, 8, 4)]).toEqual([0, 255]);
  });

  test('leaves the corners clear, and its edges smooth', () => {
    for (const shape of TRAY_SHAPES) {
      const mask = draw(shape, 0.37);
      expect(at(mask, 32, 0.2, 0.2)).toBe(0);
      expect(mask.some((value) => value > 0 && value < 90)).toBe(true);
    }
  });
});

describe('the picture', () => {
  test('is a PNG of the size and colour that were asked for', () => {
    const mask = draw('working', 0.37, 16);
    const png = pngOf(mask, 16, [255, 255, 255]);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([16, 16]);
    const from = png.indexOf('IDAT') + 4;
    const lines = inflateSync(png.subarray(from, from + png.readUInt32BE(from - 8)));
    expect(lines).toHaveLength(16 * (1 + 16 * 4));
    for (let row = 0; row < 16; row += 1)
      for (let column = 0; column < 16; column += 1) {
        const pixel = lines.subarray(row * 65 + 1 + column * 4, row * 65 + 5 + column * 4);
        expect([...pixel]).toEqual([255, 255, 255, mask[row * 16 + column]]);
      }
  });

  test('is black on macOS, where the system colours it, and elsewhere stands out from the bar', () => {
    expect(colourFor('darwin', true)).toEqual([0, 0, 0]);
    expect(colourFor('linux', true)).toEqual([255, 255, 255]);
    expect(Math.max(...colourFor('win32', false))).toBeLessThan(40);
  });
});

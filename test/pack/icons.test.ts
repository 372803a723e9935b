import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { icns } from '../../scripts/icons/containers.mjs';
import { ROOT } from '../structure/tracked.ts';

const KEPT = join(ROOT, 'build', 'icons');
const SIDES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

let fresh = '';
beforeAll(() => {
  fresh = mkdtempSync(join(tmpdir(), 'ledgerline-icons-'));
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/icons/make.mjs'), fresh]);
  if (status !== 0) throw new Error(stderr.toString());
});
afterAll(() => rmSync(fresh, { recursive: true, force: true }));

const pixels = (png: string | Buffer) => sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
/** How far two pictures are apart, 0 to 255 for a colour of a pixel: other releases of the drawing library round otherwise. */
const meanDifference = (a: Buffer, b: Buffer): number =>
  a.reduce((total, value, index) => total + Math.abs(value - (b[index] ?? Number.NaN)), 0) / a.length;

describe('the icons', () => {
  test('are all there, and nothing else', () => {
    const pictures = SIDES.map((side) => `${side}x${side}.png`);
    expect(readdirSync(KEPT).toSorted()).toEqual([...pictures, 'icon.icns', 'icon.ico'].toSorted());
    expect(readdirSync(fresh).toSorted()).toEqual(readdirSync(KEPT).toSorted());
  });

  test.each(SIDES)('of %i pixels are what the drawing gives now', async (side) => {
    const name = `${side}x${side}.png`;
    const [kept, made] = await Promise.all([KEPT, fresh].map((folder) => pixels(join(folder, name))));
    if (!kept || !made) throw new Error('two pictures were read');
    expect(kept.info).toMatchObject({ width: side, height: side, channels: 4 });
    expect(meanDifference(kept.data, made.data)).toBeLessThan(1);
  });

  test('show paper and a note in lamp colour inside, and nothing in the corners', async () => {
    for (const side of SIDES) {
      const { data } = await pixels(join(KEPT, `${side}x${side}.png`));
      const at = (x: number, y: number): readonly number[] => {
        const start = 4 * (Math.floor(y * side) * side + Math.floor(x * side));
        return [...data.subarray(start, start + 4)];
      };
      const [red = 0, green = 0, blue = 255, alpha] = at(0.5, 0.36);
      expect({ side, lamp: red > 180 && green < 150 && blue < 40, alpha }).toEqual({
        side,
        lamp: true,
        alpha: 255,
      });
      expect(at(0.5, 0.16)).toEqual([0xfa, 0xf7, 0xf1, 255]);
      // A corner of 16 pixels has no pixel that is wholly outside.
      expect(at(0.005, 0.005)[3]).toBeLessThan(side < 32 ? 128 : 1);
    }
  });

  test('for Windows hold each picture whole', async () => {
    const file = readFileSync(join(KEPT, 'icon.ico'));
    expect([file.readUInt16LE(0), file.readUInt16LE(2)]).toEqual([0, 1]);
    const sides: number[] = [];
    for (let index = 0; index < file.readUInt16LE(4); index += 1) {
      const entry = 6 + 16 * index;
      const [length, start] = [file.readUInt32LE(entry + 8), file.readUInt32LE(entry + 12)];
      const { info } = await pixels(file.subarray(start, start + length));
      expect(file.readUInt8(entry)).toBe(info.width % 256);
      sides.push(info.width);
    }
    expect(sides).toEqual([16, 24, 32, 48, 64, 128, 256]);
  });

  test('for macOS hold each picture whole, under its type', async () => {
    const file = readFileSync(join(KEPT, 'icon.icns'));
    expect([file.toString('latin1', 0, 4), file.readUInt32BE(4)]).toEqual(['icns', file.length]);
    const found: [string, number][] = [];
    for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
      const { info } = await pixels(file.subarray(at + 8, at + file.readUInt32BE(at + 4)));
      found.push([file.toString('latin1', at, at + 4), info.width]);
    }
    expect(found).toEqual([
      ['icp4', 16],
      ['icp5', 32],
      ['icp6', 64],
      ['ic07', 128],
      ['ic08', 256],
      ['ic09', 512],
      ['ic10', 1024],
    ]);
  });

  test('of a size that macOS does not know are refused', () => {
    expect(() => icns([{ side: 24, png: Buffer.alloc(1) }])).toThrow('24 pixels');
  });
});

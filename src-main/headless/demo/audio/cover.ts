import { crc32, deflateSync } from 'node:zlib';
import { ascii, u32be } from './bytes.ts';
import { seededRandom } from './random.ts';
import type { Cover } from './tags.ts';

const SIDE = 160;
const EIGHT_BIT_RGB = Buffer.of(8, 2, 0, 0, 0);

/** A square PNG that fades from one seeded colour to another: enough to tell albums apart at a glance. */
export const coverPicture = (seed: number): Cover => {
  const random = seededRandom(seed);
  const [from, to] = [randomColour(random), randomColour(random)];
  const rows = Buffer.alloc(SIDE * (1 + SIDE * 3));
  for (let y = 0; y < SIDE; y += 1) {
    // The byte before each row says that it is not filtered, which is 0.
    const row = rows.subarray(y * (1 + SIDE * 3) + 1);
    const share = y / (SIDE - 1);
    for (let at = 0; at < SIDE * 3; at += 1) {
      row[at] = Math.round((from[at % 3] ?? 0) * (1 - share) + (to[at % 3] ?? 0) * share);
    }
  }
  const data = Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', Buffer.concat([u32be(SIDE), u32be(SIDE), EIGHT_BIT_RGB])),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
  return { mime: 'image/png', data };
};

const randomColour = (random: () => number): readonly number[] => [
  random() & 0xff,
  random() & 0xff,
  random() & 0xff,
];

const pngChunk = (type: string, body: Buffer): Buffer => {
  const typeAndBody = Buffer.concat([ascii(type), body]);
  return Buffer.concat([u32be(body.length), typeAndBody, u32be(crc32(typeAndBody))]);
};

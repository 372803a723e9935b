// `npm run icons`: the program's icons in every size, from build/icon.svg and build/icon-small.svg.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { icns, ico } from './containers.mjs';

const SIDES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const LARGEST_SMALL = 48;
const WINDOWS = [16, 24, 32, 48, 64, 128, 256];
const APPLE = [16, 32, 64, 128, 256, 512, 1024];

const build = join(import.meta.dirname, '..', '..', 'build');

/** @param {number} side */
const draw = async (side) => {
  const source = readFileSync(join(build, side <= LARGEST_SMALL ? 'icon-small.svg' : 'icon.svg'));
  const { width } = await sharp(source).metadata();
  // Drawn at its size, not drawn once and scaled.
  const png = await sharp(source, { density: (72 * side) / width })
    .resize(side, side)
    .png({ compressionLevel: 9 })
    .toBuffer();
  return { side, png };
};

const pictures = await Promise.all(SIDES.map(draw));
const of = (/** @type {readonly number[]} */ sides) => pictures.filter(({ side }) => sides.includes(side));

const folder = join(process.argv[2] ?? join(build, 'icons'));
mkdirSync(folder, { recursive: true });
for (const { side, png } of pictures) writeFileSync(join(folder, `${side}x${side}.png`), png);
writeFileSync(join(folder, 'icon.ico'), ico(of(WINDOWS)));
writeFileSync(join(folder, 'icon.icns'), icns(of(APPLE)));

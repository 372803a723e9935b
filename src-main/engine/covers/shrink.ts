import sharp, { type Sharp } from 'sharp';
import type { FoundPicture } from './messages.ts';

/** Pixels of one side: a wall of them stays sharp on a screen of twice the density. */
const SIDE = 320;
const QUALITY = 78;
/** Above this a picture is no cover but an attack: a PNG of 900 million pixels may be a few KB long. */
const MOST_PIXELS = 40_000_000;
const LONGEST_SECONDS = 10;

// Of all that libvips can open only what covers are: no SVG, no PDF, nothing that fetches or runs anything.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});
sharp.cache(false);
sharp.concurrency(1);

/** A small square of the middle, and the same without colour. Throws where it is no picture, or no whole one. */
export const shrink = async (picture: Uint8Array): Promise<FoundPicture> => {
  const { data, info } = await sharp(picture, {
    limitInputPixels: MOST_PIXELS,
    failOn: 'error',
    autoOrient: true,
    sequentialRead: true,
  })
    .resize(SIDE, SIDE, { fit: 'cover' })
    .toColourspace('srgb')
    .timeout({ seconds: LONGEST_SECONDS })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const small = sharp(data, { raw: { width, height, channels } });
  return {
    colour: await webp(small.clone()),
    grey: await webp(small.clone().greyscale()),
  };
};

const webp = async (image: Sharp): Promise<Uint8Array> =>
  Uint8Array.from(await image.webp({ quality: QUALITY }).toBuffer());

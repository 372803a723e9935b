/** @typedef {{ readonly side: number, readonly png: Buffer }} Picture */

/** The types that name a PNG of so many pixels in Apple's icon file: https://en.wikipedia.org/wiki/Apple_Icon_Image_format */
const ICNS_TYPES = /** @type {const} */ ({
  16: 'icp4',
  32: 'icp5',
  64: 'icp6',
  128: 'ic07',
  256: 'ic08',
  512: 'ic09',
  1024: 'ic10',
});

/**
 * A Windows icon file with PNGs inside, which Windows reads since Vista.
 * @param {readonly Picture[]} pictures of at most 256 pixels
 */
export const ico = (pictures) => {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let at = head.length;
  for (const [index, { side, png }] of pictures.entries()) {
    const entry = 6 + 16 * index;
    // 256 does not fit into a byte: 0 stands for it.
    head.writeUInt8(side % 256, entry);
    head.writeUInt8(side % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(png.length, entry + 8);
    head.writeUInt32LE(at, entry + 12);
    at += png.length;
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
};

/** @param {readonly Picture[]} pictures */
export const icns = (pictures) => {
  const parts = pictures.map(({ side, png }) => {
    const type = Object.entries(ICNS_TYPES).find(([known]) => Number(known) === side)?.[1];
    if (type === undefined) throw new Error(`Apple's icon file knows no picture of ${side} pixels.`);
    return tagged(type, png);
  });
  return tagged('icns', Buffer.concat(parts));
};

/** @param {string} type four letters @param {Buffer} body */
const tagged = (type, body) => {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(8 + body.length, 4);
  return Buffer.concat([head, body]);
};

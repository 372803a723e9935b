import { createHash, randomBytes } from 'node:crypto';

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame. */
const FRAME_HEADER = Buffer.from([0xff, 0xfb, 0x90, 0x00]);
const FRAME_BYTES = 417;

/** An mp3 that no other test has: real frames around random bytes, and an ID3v2 tag where a title is given. */
export const mp3 = (frames = 20, title?: string): Buffer => {
  const body = Buffer.concat(
    Array.from({ length: frames }, () => {
      // Never 0xff inside a frame: that could look like the next one.
      const payload = randomBytes(FRAME_BYTES - FRAME_HEADER.length).map((byte) => byte & 0x7f);
      return Buffer.concat([FRAME_HEADER, payload]);
    }),
  );
  return title === undefined ? body : Buffer.concat([id3(title), body]);
};

const id3 = (title: string): Buffer => {
  const text = Buffer.concat([Buffer.from([3]), Buffer.from(title)]);
  const frame = Buffer.alloc(10);
  frame.write('TIT2', 'latin1');
  frame.writeUInt32BE(text.length, 4);
  const size = frame.length + text.length;
  const header = Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, (size >> 7) & 0x7f, size & 0x7f]);
  return Buffer.concat([header, frame, text]);
};

export const md5Of = (bytes: Buffer): string => createHash('md5').update(bytes).digest('base64');
export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

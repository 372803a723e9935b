import { createHash } from 'node:crypto';
import { ascii, u16be, u24be, u32be } from './bytes.ts';
import { crc16, crc8 } from './crc.ts';
import type { AudioTags, Sound } from './tags.ts';
import { bigEndian, littleEndian, SAMPLE_RATE, tone } from './tone.ts';
import { pictureBlock, vorbisComment } from './vorbis-comment.ts';

const BLOCK_SAMPLES = 4096;
const BITS_PER_SAMPLE = 16;
const VERBATIM_SUBFRAME = 0x02;

const STREAMINFO = 0;
const VORBIS_COMMENT = 4;
const PICTURE = 6;

/** A FLAC file (RFC 9639) of verbatim frames, with the MD5 of its samples, Vorbis comments and the cover. */
export const flacFile = (tags: AudioTags, sound: Sound): Buffer => {
  const samples = tone(sound);
  const blocks = [
    { type: STREAMINFO, body: streamInfo(samples) },
    { type: VORBIS_COMMENT, body: vorbisComment(tags) },
    ...(tags.cover === undefined ? [] : [{ type: PICTURE, body: pictureBlock(tags.cover) }]),
  ];
  const metadata = blocks.flatMap(({ type, body }, index) => {
    const lastFlag = index === blocks.length - 1 ? 0x80 : 0;
    return [Buffer.of(lastFlag | type), u24be(body.length), body];
  });
  return Buffer.concat([ascii('fLaC'), ...metadata, ...frames(bigEndian(samples))]);
};

const streamInfo = (samples: Int16Array): Buffer => {
  const rateChannelsBitsLength =
    (BigInt(SAMPLE_RATE) << 44n) | (BigInt(BITS_PER_SAMPLE - 1) << 36n) | BigInt(samples.length);
  const packed = Buffer.alloc(8);
  packed.writeBigUInt64BE(rateChannelsBitsLength);
  return Buffer.concat([
    u16be(BLOCK_SAMPLES),
    u16be(BLOCK_SAMPLES),
    // The smallest and the largest frame: 0 says "not told".
    u24be(0),
    u24be(0),
    packed,
    createHash('md5').update(littleEndian(samples)).digest(),
  ]);
};

function* frames(pcm: Buffer): Generator<Buffer> {
  const blockBytes = BLOCK_SAMPLES * 2;
  for (let number = 0; number * blockBytes < pcm.length; number += 1) {
    yield frame(number, pcm.subarray(number * blockBytes, (number + 1) * blockBytes));
  }
}

/** Sync code, fixed block size; the last block's own size stands behind the number; 44.1 kHz; mono, 16 bits. */
const frame = (number: number, pcm: Buffer): Buffer => {
  const full = pcm.length === BLOCK_SAMPLES * 2;
  const header = Buffer.concat([
    u32be(full ? 0xfff8_c908 : 0xfff8_7908),
    utf8Number(number),
    full ? Buffer.alloc(0) : u16be(pcm.length / 2 - 1),
  ]);
  const bytes = Buffer.alloc(header.length + 2 + pcm.length + 2);
  header.copy(bytes);
  bytes[header.length] = crc8(bytes, 0, header.length);
  bytes[header.length + 1] = VERBATIM_SUBFRAME;
  pcm.copy(bytes, header.length + 2);
  bytes.writeUInt16BE(crc16(bytes, 0, bytes.length - 2), bytes.length - 2);
  return bytes;
};

/** Frame numbers are coded as UTF-8 codes characters; three bytes reach to the 65,536th frame (an hour and more). */
const utf8Number = (value: number): Buffer => {
  if (value < 0x80) return Buffer.of(value);
  if (value < 0x800) return Buffer.of(0xc0 | (value >> 6), 0x80 | (value & 0x3f));
  if (value < 0x10000) {
    return Buffer.of(0xe0 | (value >> 12), 0x80 | ((value >> 6) & 0x3f), 0x80 | (value & 0x3f));
  }
  throw new RangeError('A sound this long does not fit: stay below an hour and a half.');
};

import { ascii, iffChunk, u16be, u32be } from './bytes.ts';
import { id3v24 } from './id3.ts';
import type { AudioTags, Sound } from './tags.ts';
import { bigEndian, SAMPLE_RATE, tone } from './tone.ts';

/** An AIFF file: PCM, and the tags in an ID3 chunk. */
export const aiffFile = (tags: AudioTags, sound: Sound): Buffer => {
  const samples = tone(sound);
  const common = Buffer.concat([u16be(1), u32be(samples.length), u16be(16), extended(SAMPLE_RATE)]);
  const offsetAndBlockSize = Buffer.alloc(8);
  return iffChunk(
    'FORM',
    Buffer.concat([
      ascii('AIFF'),
      iffChunk('COMM', common),
      iffChunk('SSND', Buffer.concat([offsetAndBlockSize, bigEndian(samples)])),
      iffChunk('ID3 ', id3v24(tags)),
    ]),
  );
};

/** A positive whole number below 2³² as the 80-bit float in which AIFF keeps its sample rate. */
const extended = (value: number): Buffer => {
  const leadingZeros = Math.clz32(value);
  return Buffer.concat([u16be(0x3fff + 31 - leadingZeros), u32be((value << leadingZeros) >>> 0), u32be(0)]);
};

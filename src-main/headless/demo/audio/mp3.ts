import { BitWriter } from './bit-writer.ts';
import { ascii, u32be } from './bytes.ts';
import { id3v24 } from './id3.ts';
import { seededRandom } from './random.ts';
import type { AudioTags, Sound } from './tags.ts';

/** MPEG-1 Layer III, 128 kbit/s, 44.1 kHz, mono, no CRC; the bit for a padded frame is added where due. */
const HEADER = 0xfffb_90c4;
const PADDING_BIT = 0x200;
const SAMPLE_RATE = 44_100;
const BITS_PER_SECOND = 128_000;
const FRAME_SAMPLES = 1152;
const HEADER_BYTES = 4;
const SIDE_INFO_BYTES = 17;
const MAIN_DATA_AT = HEADER_BYTES + SIDE_INFO_BYTES;
const FRAMES_PER_NOTE = 10;

/** Loudness: 210 is full scale, and each 4 less halves it. */
const GLOBAL_GAIN = 194;
/** The lines of the spectrum (38 Hz each) that the notes come from. Even, as lines are coded in pairs. */
const NOTES = [8, 10, 12, 14, 16, 20, 24, 28] as const;

/**
 * An mp3 file: an ID3v2.4 tag, an Info frame that tells the length, and frames that each hold one line of the
 * spectrum. What a frame does not need is filled with seeded bytes, which decoders skip as ancillary data.
 */
export const mp3File = (tags: AudioTags, sound: Sound): Buffer => {
  const count = Math.max(1, Math.ceil((sound.seconds * SAMPLE_RATE) / FRAME_SAMPLES));
  const random = seededRandom(sound.seed);
  let note = 0;
  const audio = Array.from({ length: count }, (_, index) => {
    if (index % FRAMES_PER_NOTE === 0) note = NOTES[random() % NOTES.length] ?? NOTES[0];
    // The Info frame is the stream's first, so the first of these is its second.
    return toneFrame(emptyFrame(index + 1), note, random);
  });
  const audioBytes = audio.reduce((sum, frame) => sum + frame.length, 0);
  return Buffer.concat([id3v24(tags), infoFrame(count, audioBytes), ...audio]);
};

/** Frames are 417 or 418 bytes, so that on average they are as long as the bit rate says. */
const emptyFrame = (index: number): Buffer => {
  const endOf = (frames: number): number =>
    Math.floor((frames * FRAME_SAMPLES * BITS_PER_SECOND) / (8 * SAMPLE_RATE));
  const length = endOf(index + 1) - endOf(index);
  const frame = Buffer.alloc(length);
  frame.writeUInt32BE(length > endOf(1) ? HEADER + PADDING_BIT : HEADER);
  return frame;
};

const infoFrame = (frames: number, audioBytes: number): Buffer => {
  const frame = emptyFrame(0);
  const framesAndBytesAreThere = u32be(3);
  Buffer.concat([
    ascii('Info'),
    framesAndBytesAreThere,
    u32be(frames),
    u32be(audioBytes + frame.length),
  ]).copy(frame, MAIN_DATA_AT);
  return frame;
};

const toneFrame = (frame: Buffer, note: number, random: () => number): Buffer => {
  // In Huffman table 1 a pair (0, 0) is "1" and (1, 0) is "01" and a sign.
  const zeroPairs = note / 2;
  const granuleBits = zeroPairs + 3;
  const sideInfo = new BitWriter(frame, HEADER_BYTES * 8).write(0, 9 + 5 + 4);
  const mainData = new BitWriter(frame, MAIN_DATA_AT * 8);
  for (let granule = 0; granule < 2; granule += 1) {
    sideInfo
      .write(granuleBits, 12)
      .write(zeroPairs + 1, 9)
      .write(GLOBAL_GAIN, 8)
      .write(0, 4 + 1) // no scale factors, normal window
      .write(1, 5) // Huffman table 1 in all three regions
      .write(1, 5)
      .write(1, 5)
      .write(0, 4 + 3 + 3);
    mainData.write(2 ** zeroPairs - 1, zeroPairs).write(0b010, 3);
  }
  const used = MAIN_DATA_AT + Math.ceil((2 * granuleBits) / 8);
  // Seven bits a byte: no 0xFF can then look like the start of a frame.
  for (let at = used; at < frame.length; at += 1) frame[at] = random() & 0x7f;
  return frame;
};

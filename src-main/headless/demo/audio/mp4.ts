import { BitWriter } from './bit-writer.ts';
import { ascii, u16be, u32be, utf8 } from './bytes.ts';
import type { AudioTags, Cover, Sound } from './tags.ts';
import { bigEndian, SAMPLE_RATE, tone } from './tone.ts';

const FRAME_SAMPLES = 4096;

/** An m4a file with ALAC frames that are kept uncompressed, tags and cover in iTunes' `ilst`. */
export const m4aFile = (tags: AudioTags, sound: Sound): Buffer => {
  const samples = tone(sound);
  const frames = alacFrames(samples);
  const fileType = box('ftyp', ascii('M4A '), u32be(0), ascii('M4A mp42isom'));
  // The offset of the audio stands in `moov`, which stands before it and is as long whatever the offset is.
  const movieAt = (audioOffset: number): Buffer => movie(tags, samples.length, frames, audioOffset);
  const audioOffset = fileType.length + movieAt(0).length + 8;
  return Buffer.concat([fileType, movieAt(audioOffset), box('mdat', ...frames)]);
};

const box = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([u32be(length), ascii(type), ...parts]);
};

/** A box that begins with its version (0) and flags. */
const fullBox = (type: string, flags: number, ...parts: readonly Buffer[]): Buffer =>
  box(type, u32be(flags), ...parts);

const zeros = (length: number): Buffer => Buffer.alloc(length);
const words = (...values: readonly number[]): Buffer => Buffer.concat(values.map(u32be));
const UNITY_MATRIX = words(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

const movie = (tags: AudioTags, samples: number, frames: readonly Buffer[], audioOffset: number): Buffer => {
  const normalRateAndVolume = Buffer.concat([u32be(0x10000), u16be(0x100), zeros(10)]);
  return box(
    'moov',
    fullBox(
      'mvhd',
      0,
      words(0, 0, SAMPLE_RATE, samples),
      normalRateAndVolume,
      UNITY_MATRIX,
      zeros(24),
      u32be(2),
    ),
    track(samples, frames, audioOffset),
    box('udta', metadata(tags)),
  );
};

const track = (samples: number, frames: readonly Buffer[], audioOffset: number): Buffer => {
  const enabledAndInMovie = 3;
  const layerGroupVolume = Buffer.concat([zeros(12), u16be(0x100), zeros(2)]);
  const undetermined = 0x55c4;
  return box(
    'trak',
    fullBox('tkhd', enabledAndInMovie, words(0, 0, 1, 0, samples), layerGroupVolume, UNITY_MATRIX, zeros(8)),
    box(
      'mdia',
      fullBox('mdhd', 0, words(0, 0, SAMPLE_RATE, samples), u16be(undetermined), zeros(2)),
      handler('soun'),
      box(
        'minf',
        fullBox('smhd', 0, zeros(4)),
        box('dinf', fullBox('dref', 0, u32be(1), fullBox('url ', 1))),
        sampleTable(samples, frames, audioOffset),
      ),
    ),
  );
};

const handler = (type: string): Buffer => fullBox('hdlr', 0, zeros(4), ascii(type), zeros(12), ascii('\0'));

const sampleTable = (samples: number, frames: readonly Buffer[], audioOffset: number): Buffer => {
  const lastFrame = samples - (frames.length - 1) * FRAME_SAMPLES;
  const durations =
    frames.length === 1 ? words(1, 1, lastFrame) : words(2, frames.length - 1, FRAME_SAMPLES, 1, lastFrame);
  return box(
    'stbl',
    fullBox('stsd', 0, u32be(1), alacEntry(frames)),
    fullBox('stts', 0, durations),
    fullBox('stsc', 0, words(1, 1, frames.length, 1)),
    fullBox('stsz', 0, words(0, frames.length, ...frames.map((frame) => frame.length))),
    fullBox('stco', 0, words(1, audioOffset)),
  );
};

const alacEntry = (frames: readonly Buffer[]): Buffer => {
  const largest = frames.reduce((most, frame) => Math.max(most, frame.length), 0);
  const tuning = Buffer.of(0, 16, 40, 10, 14, 1); // version, bits a sample, Rice parameters, channels
  const config = Buffer.concat([
    u32be(FRAME_SAMPLES),
    tuning,
    u16be(255),
    words(largest, SAMPLE_RATE * 16, SAMPLE_RATE),
  ]);
  return box(
    'alac',
    zeros(6),
    u16be(1), // its place in `dref`
    zeros(8),
    u16be(1), // channels
    u16be(16), // bits a sample
    zeros(4),
    u32be(SAMPLE_RATE * 0x10000),
    fullBox('alac', 0, config),
  );
};

const alacFrames = (samples: Int16Array): Buffer[] =>
  Array.from({ length: Math.ceil(samples.length / FRAME_SAMPLES) }, (_, index) =>
    alacFrame(samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES)),
  );

/** One mono element in ALAC's "escape" form: a header, the samples as they are, the end tag 7. */
const alacFrame = (samples: Int16Array): Buffer => {
  const isPartial = samples.length < FRAME_SAMPLES;
  const headerBits = isPartial ? 23 + 32 : 23;
  const pcm = bigEndian(samples);
  const frame = Buffer.alloc(Math.ceil((headerBits + pcm.length * 8 + 3) / 8));
  const header = new BitWriter(frame).write(0, 3 + 4 + 12).write(isPartial ? 0b1001 : 0b0001, 4);
  if (isPartial) header.write(samples.length, 32);
  // Both headers end one bit before a byte does, so each byte of the samples lies one bit early.
  const first = (headerBits - 7) / 8;
  for (let at = 0; at < pcm.length; at += 1) {
    const byte = pcm[at] ?? 0;
    frame[first + at] = (frame[first + at] ?? 0) | (byte >>> 7);
    frame[first + at + 1] = (byte << 1) & 0xff;
  }
  new BitWriter(frame, headerBits + pcm.length * 8).write(7, 3);
  return frame;
};

const UTF8_TEXT = 1;
const INTEGERS = 0;

const metadata = (tags: AudioTags): Buffer =>
  fullBox(
    'meta',
    0,
    fullBox('hdlr', 0, zeros(4), ascii('mdirappl'), zeros(9)),
    box(
      'ilst',
      textItem('©nam', tags.title),
      textItem('©ART', tags.artist),
      textItem('©alb', tags.album),
      ...(tags.albumArtist === undefined ? [] : [textItem('aART', tags.albumArtist)]),
      item('trkn', INTEGERS, Buffer.concat([zeros(2), u16be(tags.track), zeros(4)])),
      textItem('©day', String(tags.year)),
      textItem('©gen', tags.genre),
      ...(tags.cover === undefined ? [] : [coverItem(tags.cover)]),
    ),
  );

const item = (name: string, type: number, value: Buffer): Buffer =>
  box(name, box('data', u32be(type), zeros(4), value));

const textItem = (name: string, text: string): Buffer => item(name, UTF8_TEXT, utf8(text));

const coverItem = (cover: Cover): Buffer => item('covr', cover.mime === 'image/png' ? 14 : 13, cover.data);

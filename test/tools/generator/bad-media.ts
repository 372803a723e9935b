import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { ascii, u16be, u16le, u32be, u32le } from '../../../src-main/headless/demo/audio/bytes.ts';
import { AUDIO_WRITERS } from '../../../src-main/headless/demo/audio/formats.ts';
import { seededRandom } from '../../../src-main/headless/demo/audio/random.ts';
import { id3v2Length } from '../../../shared/audio-types.ts';
import { writeNewFile } from './write.ts';

const TAGS = { title: 'Bad', artist: 'Bad', album: 'Media', track: 1, year: 2001, genre: 'Test' };

const half = (file: Buffer): Buffer => file.subarray(0, file.length >>> 1);

const randomBytes = (length: number): Buffer => {
  const random = seededRandom(404);
  return Buffer.from(Uint8Array.from({ length }, random));
};

const box = (type: string, length: number, body: Buffer): Buffer =>
  Buffer.concat([u32be(length), ascii(type), body]);
const wholeBox = (type: string, body: Buffer): Buffer => box(type, body.length + 8, body);

const ASF_HEADER = Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex');
const ASF_FILE_PROPERTIES = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex');
const ASF_HEADER_EXTENSION = Buffer.from('b503bf5f2ea9cf118ee300c00c205365', 'hex');
const ASF_EXTENSION_CLOCK = Buffer.from('11d2d3abbaa9cf118ee600c00c205365', 'hex');

const asfObject = (guid: Buffer, size: number, body: Buffer): Buffer => {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(size));
  return Buffer.concat([guid, length, body]);
};

const asfFile = (object: Buffer): Buffer => {
  const countAndReserved = Buffer.concat([u32le(1), Buffer.of(1, 2)]);
  const header = Buffer.concat([countAndReserved, object]);
  return Buffer.concat([asfObject(ASF_HEADER, header.length + 24, header), Buffer.alloc(4096)]);
};

/** The only object of the header claims to be 0 bytes long. */
const asfObjectOfSizeZero = (): Buffer => asfFile(asfObject(ASF_FILE_PROPERTIES, 0, Buffer.alloc(80)));

/** An object inside the header's extension claims to be 0 bytes long: naive readers stay on the spot for ever. */
const asfExtensionOfSizeZero = (): Buffer => {
  const inner = asfObject(ASF_FILE_PROPERTIES, 0, Buffer.alloc(40));
  const body = Buffer.concat([ASF_EXTENSION_CLOCK, u16le(6), u32le(inner.length), inner]);
  return asfFile(asfObject(ASF_HEADER_EXTENSION, body.length + 24, body));
};

/** A sample description that promises many entries, the first of 0 bytes. */
const mp4WithSampleDescriptionOfSizeZero = (): Buffer => {
  const versionAndFlags = u32be(0);
  const entry = Buffer.concat([u32be(0), ascii('mp4a'), Buffer.alloc(28)]);
  const stsd = wholeBox('stsd', Buffer.concat([versionAndFlags, u32be(0xffff_ffff), entry]));
  const handler = wholeBox('hdlr', Buffer.concat([Buffer.alloc(8), ascii('soun'), Buffer.alloc(13)]));
  const media = wholeBox('mdia', Buffer.concat([handler, wholeBox('minf', wholeBox('stbl', stsd))]));
  return Buffer.concat([
    wholeBox('ftyp', Buffer.concat([ascii('M4A '), u32be(0), ascii('M4A mp42')])),
    wholeBox('moov', wholeBox('trak', media)),
    wholeBox('mdat', Buffer.alloc(64)),
  ]);
};

/** Three proper ADTS frames, then headers whose frames claim to be 0 bytes long. */
const adtsLoop = (): Buffer => {
  const header = (frameBytes: number): Buffer =>
    Buffer.of(
      0xff,
      0xf1,
      0x50,
      0x80 | (frameBytes >> 11),
      (frameBytes >> 3) & 0xff,
      (frameBytes << 5) & 0xff,
      0xfc,
    );
  const proper = Buffer.concat([header(64), Buffer.alloc(57)]);
  return Buffer.concat([proper, proper, proper, ...Array.from({ length: 600 }, () => header(0))]);
};

/** An mp3 whose picture claims 500 MB in a tag of a few bytes. (ID3v2.3: 2.4 cannot tell more than 256 MB.) */
const hugePictureClaim = (): Buffer => {
  const body = Buffer.concat([ascii('\0image/jpeg\0\u0003\0'), Buffer.alloc(64)]);
  const picture = Buffer.concat([ascii('APIC'), u32be(500_000_000), u16be(0), body]);
  const tag = Buffer.concat([ascii('ID3'), Buffer.of(3, 0, 0, 0, 0, 0, picture.length), picture]);
  const mp3 = AUDIO_WRITERS.mp3.write(TAGS, { seconds: 0.3, seed: 12 });
  return Buffer.concat([tag, mp3.subarray(id3v2Length(mp3))]);
};

/** An MP4 box of nothing but boxes, 10,000 deep. */
const mp4NestedDeeply = (): Buffer => {
  const depth = 10_000;
  const nested = Array.from({ length: depth }, (_, level) =>
    box('moov', (depth - level) * 8, Buffer.alloc(0)),
  );
  return Buffer.concat([wholeBox('ftyp', ascii('M4A \0\0\0\0M4A ')), ...nested]);
};

export interface BadMedia {
  readonly name: string;
  /** Whether its first bytes belong to an audio format, so that only a parser notices that something is wrong. */
  readonly looksLikeAudio: boolean;
  readonly bytes: () => Buffer;
}

/** Files with an audio name that are empty, something else, cut short, or made to hang or exhaust a parser. */
export const BAD_MEDIA: readonly BadMedia[] = [
  { name: 'zero bytes.mp3', looksLikeAudio: false, bytes: () => Buffer.alloc(0) },
  { name: 'one byte.mp3', looksLikeAudio: false, bytes: () => Buffer.of(0xff) },
  {
    name: 'text.mp3',
    looksLikeAudio: false,
    bytes: () => Buffer.from('Dear diary, no music today.\n'.repeat(40)),
  },
  {
    name: 'page.mp3',
    looksLikeAudio: false,
    bytes: () => Buffer.from('<!doctype html><script>alert(1)</script><h1>404 Not Found</h1>\n'),
  },
  { name: 'random.mp3', looksLikeAudio: false, bytes: () => randomBytes(50_000) },
  { name: 'zeros.flac', looksLikeAudio: false, bytes: () => Buffer.alloc(50_000) },
  {
    name: 'truncated.flac',
    looksLikeAudio: true,
    bytes: () => half(AUDIO_WRITERS.flac.write(TAGS, { seconds: 1, seed: 1 })),
  },
  {
    name: 'truncated tag.mp3',
    looksLikeAudio: false,
    bytes: () => AUDIO_WRITERS.mp3.write(TAGS, { seconds: 0.1, seed: 1 }).subarray(0, 40),
  },
  {
    name: 'truncated.m4a',
    looksLikeAudio: true,
    bytes: () => AUDIO_WRITERS.m4a.write(TAGS, { seconds: 1, seed: 1 }).subarray(0, 300),
  },
  { name: 'asf object of size 0.wma', looksLikeAudio: true, bytes: asfObjectOfSizeZero },
  { name: 'asf extension of size 0.wma', looksLikeAudio: true, bytes: asfExtensionOfSizeZero },
  { name: 'mp4 stsd of size 0.m4a', looksLikeAudio: true, bytes: mp4WithSampleDescriptionOfSizeZero },
  { name: 'mp4 nested deeply.m4a', looksLikeAudio: true, bytes: mp4NestedDeeply },
  { name: 'adts loop.aac', looksLikeAudio: true, bytes: adtsLoop },
  { name: 'cover of 500 MB.mp3', looksLikeAudio: true, bytes: hugePictureClaim },
];

/** Writes them all into `folder` (made if need be) and returns their paths. */
export const writeBadMedia = (folder: string): readonly string[] => {
  mkdirSync(folder, { recursive: true });
  return BAD_MEDIA.map(({ name, bytes }) => {
    const path = join(folder, name);
    writeNewFile(path, bytes());
    return path;
  });
};

import { createHash } from 'node:crypto';
import { parseBuffer } from 'music-metadata';
import { describe, expect, test } from 'vitest';
import { detectFormat, formatOfExtension, id3v2Length } from '../../shared/audio-types.ts';
import { crc16, crc32Ogg, crc8 } from '../../src-main/headless/demo/audio/crc.ts';
import { AUDIO_WRITERS, WRITABLE_FORMATS } from '../../src-main/headless/demo/audio/formats.ts';
import type { AudioTags } from '../../src-main/headless/demo/audio/tags.ts';

const TAGS: AudioTags = {
  title: 'Træet & «日本» 🎻',
  artist: 'Åse Ødegård',
  album: 'Night Trains',
  albumArtist: 'Various Artists',
  track: 7,
  year: 1987,
  genre: 'Folk',
};
const COVER = { mime: 'image/jpeg', data: Buffer.alloc(200_000, 'cover bytes ') } as const;
/** The longest frame of any of the formats, mp4's and flac's 4,096 samples. */
const FRAME_SECONDS = 4096 / 44_100;

/** music-metadata compares a chunk with what follows it, so any WAV that is mostly sound draws this one. */
const isFalseAlarm = (message: string): boolean => message === 'Data chunk size exceeds file size';

describe.each(WRITABLE_FORMATS)('a written %s file', (format) => {
  const { bytesPerSecond, write } = AUDIO_WRITERS[format];

  test('is told by its first bytes to be what its name says', () => {
    const file = write(TAGS, { seconds: 1, seed: 1 });
    expect(detectFormat(file.subarray(id3v2Length(file)))).toBe(formatOfExtension(format));
  });

  test.each([0.01, 0.5, 3])('gives back its tags and its %s seconds without a warning', async (seconds) => {
    const file = write({ ...TAGS, cover: COVER }, { seconds, seed: 5 });
    const read = await parseBuffer(file, { size: file.length }, { duration: true });
    expect(read.common).toMatchObject({
      title: TAGS.title,
      artist: TAGS.artist,
      album: TAGS.album,
      albumartist: TAGS.albumArtist,
      track: { no: TAGS.track },
      year: TAGS.year,
      genre: [TAGS.genre],
    });
    const [picture] = read.common.picture ?? [];
    expect(Buffer.from(picture?.data ?? []).equals(COVER.data)).toBe(true);
    expect(read.format.duration).toBeGreaterThan(seconds - 0.001);
    expect(read.format.duration).toBeLessThan(seconds + FRAME_SECONDS);
    expect(read.quality.warnings.map(({ message }) => message).filter((text) => !isFalseAlarm(text))).toEqual(
      [],
    );
  });

  test('is about as large as was wished for', () => {
    const wish = 300_000;
    const file = write(TAGS, { seconds: wish / bytesPerSecond, seed: 1 });
    expect(Math.abs(file.length - wish)).toBeLessThan(0.03 * wish);
  });

  test('has the same bytes for the same seed and other bytes for another', () => {
    const first = write(TAGS, { seconds: 0.2, seed: 0xffff_ffff });
    expect(write(TAGS, { seconds: 0.2, seed: 0xffff_ffff }).equals(first)).toBe(true);
    expect(write(TAGS, { seconds: 0.2, seed: 0xffff_fffe }).equals(first)).toBe(false);
  });

  test('needs neither album artist nor cover', async () => {
    const { albumArtist: _, ...few } = TAGS;
    const file = write(few, { seconds: 0.1, seed: 2 });
    const read = await parseBuffer(file, { size: file.length });
    expect(read.common.title).toBe(TAGS.title);
    expect(read.common.albumartist).toBeUndefined();
    expect(read.common.picture).toBeUndefined();
  });
});

test('a flac file holds the samples whose MD5 it tells, in frames with right checksums', () => {
  const file = AUDIO_WRITERS.flac.write(TAGS, { seconds: 20, seed: 9 });
  const streamInfo = file.subarray(8, 8 + 34);
  const { pcm, frames } = decodeVerbatim(file);
  expect(frames).toBe(Math.ceil((20 * 44_100) / 4096));
  expect(pcm.length / 2).toBe(20 * 44_100);
  expect(createHash('md5').update(pcm).digest('hex')).toBe(streamInfo.subarray(18).toString('hex'));
});

test('checksums agree with the published check values', () => {
  const digits = Buffer.from('123456789');
  expect(crc8(digits, 0, 9)).toBe(0xf4); // CRC-8/SMBUS
  expect(crc16(digits, 0, 9)).toBe(0xfee8); // CRC-16/UMTS
  expect(crc32Ogg(digits)).toBe(0x89a1897f); // CRC-32/CKSUM, its final XOR undone
});

/** A second reading of RFC 9639, for mono 16-bit verbatim frames only; throws where a checksum is wrong. */
const decodeVerbatim = (file: Buffer): { pcm: Buffer; frames: number } => {
  let at = 4;
  for (let isLast = false; !isLast;) {
    isLast = ((file[at] ?? 0) & 0x80) !== 0;
    at += 4 + file.readUIntBE(at + 1, 3);
  }
  const parts: Buffer[] = [];
  while (at < file.length) {
    const start = at;
    if (file.readUInt16BE(at) !== 0xfff8) throw new Error(`no frame at ${at}`);
    const sizeCode = (file[at + 2] ?? 0) >> 4;
    at += 4;
    const lead = file[at] ?? 0;
    at += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : 3;
    const samples = sizeCode === 7 ? file.readUInt16BE(at) + 1 : 4096;
    if (sizeCode === 7) at += 2;
    if (crc8(file, start, at) !== file[at]) throw new Error(`header checksum of the frame at ${start}`);
    at += 2;
    parts.push(Buffer.from(file.subarray(at, at + samples * 2)).swap16());
    at += samples * 2;
    if (crc16(file, start, at) !== file.readUInt16BE(at))
      throw new Error(`checksum of the frame at ${start}`);
    at += 2;
  }
  return { pcm: Buffer.concat(parts), frames: parts.length };
};

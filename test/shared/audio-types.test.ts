import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  AUDIO_EXTENSIONS,
  AUDIO_MIME_TYPES,
  MAGIC_BYTES,
  detectFormat,
  extensionOf,
  formatOfExtension,
  formatOfMimeType,
  id3v2Length,
  isSameFamily,
  mimeTypeOfExtension,
} from '../../shared/audio-types.ts';

/** 417 bytes each: MPEG 1 layer III, 128 kbit/s, 44.1 kHz. */
const mp3Frames = (count: number): Buffer => {
  const frame = Buffer.alloc(417, 0x55);
  frame.set([0xff, 0xfb, 0x90, 0x00]);
  return Buffer.concat(Array.from({ length: count }, () => frame));
};

/** 200 bytes each: AAC LC, 44.1 kHz, stereo. */
const adtsFrames = (count: number): Buffer => {
  const frame = Buffer.alloc(200, 0x21);
  frame.set([0xff, 0xf1, 0x50, 0x80 | (200 >> 11), (200 >> 3) & 0xff, ((200 & 7) << 5) | 0x1f, 0xfc]);
  return Buffer.concat(Array.from({ length: count }, () => frame));
};

const id3 = (size: number): Buffer =>
  Buffer.concat([
    Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, (size >> 14) & 0x7f, (size >> 7) & 0x7f, size & 0x7f]),
    Buffer.alloc(size),
  ]);

/** Bytes that look random and are the same in every run. */
const randomBytes = (seed: number, length: number): Buffer => {
  const out: Buffer[] = [];
  for (let block = 0; block * 32 < length; block += 1) {
    out.push(createHash('sha256').update(`${seed}/${block}`).digest());
  }
  return Buffer.concat(out).subarray(0, length);
};

describe('what the first bytes prove', () => {
  it.each([
    ['flac', Buffer.from('fLaC\0\0\0\x22')],
    ['mp4', Buffer.from('\0\0\0\x20ftypM4A ')],
    ['ogg', Buffer.from('OggS\0\x02')],
    ['wav', Buffer.from('RIFF\0\0\0\0WAVEfmt ')],
    ['wav', Buffer.from('RF64\xff\xff\xff\xffWAVE', 'latin1')],
    ['aiff', Buffer.from('FORM\0\0\0\0AIFF')],
    ['aiff', Buffer.from('FORM\0\0\0\0AIFC')],
    ['asf', Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex')],
    ['ape', Buffer.from('MAC \x96\x0f')],
    ['wavpack', Buffer.from('wvpk\0\0')],
    ['dsf', Buffer.from('DSD \x1c\0')],
    ['dff', Buffer.from('FRM8\0\0\0\0\0\0\0\0DSD ')],
    ['musepack', Buffer.from('MPCKSH')],
    ['musepack', Buffer.from('MP+\x07')],
    ['mp3', mp3Frames(4)],
    ['aac', adtsFrames(4)],
    ['aac', Buffer.from('ADIF\0')],
  ] as const)('recognises %s', (format, head) => {
    expect(detectFormat(head)).toBe(format);
  });

  it('recognises MPEG frames behind zero padding and junk, up to 64 KiB of it', () => {
    expect(detectFormat(Buffer.concat([Buffer.alloc(1000), mp3Frames(4)]))).toBe('mp3');
    expect(detectFormat(Buffer.concat([randomBytes(1, 60_000), mp3Frames(8)]))).toBe('mp3');
    expect(detectFormat(Buffer.concat([Buffer.alloc(65_535), mp3Frames(8)]).subarray(0, MAGIC_BYTES))).toBe(
      'mp3',
    );
    expect(detectFormat(Buffer.concat([Buffer.alloc(70_000), mp3Frames(30)]))).toBeUndefined();
  });

  it('recognises ADTS frames behind padding', () => {
    expect(detectFormat(Buffer.concat([Buffer.alloc(333), adtsFrames(4)]))).toBe('aac');
  });

  it('recognises a stream whose first frame is damaged', () => {
    const bytes = mp3Frames(6);
    bytes.fill(0, 417, 500);
    expect(detectFormat(bytes)).toBe('mp3');
  });

  it('recognises layer II, MPEG 2 and MPEG 2.5 by their own frame lengths', () => {
    const stream = (header: readonly number[], length: number): Buffer => {
      const frame = Buffer.alloc(length);
      frame.set(header);
      return Buffer.concat([frame, frame, frame, frame]);
    };
    expect(detectFormat(stream([0xff, 0xfd, 0xa4, 0x00], 576))).toBe('mp3'); // layer II, 192 kbit/s, 48 kHz
    expect(detectFormat(stream([0xff, 0xf3, 0x80, 0x00], 208))).toBe('mp3'); // MPEG 2, 64 kbit/s, 22.05 kHz
    expect(detectFormat(stream([0xff, 0xe3, 0x28, 0x00], 144))).toBe('mp3'); // MPEG 2.5, 16 kbit/s, 8 kHz
  });

  it('takes a file that is shorter than three frames, with or without a tag at its end', () => {
    expect(detectFormat(mp3Frames(1))).toBe('mp3');
    expect(detectFormat(Buffer.concat([mp3Frames(2), Buffer.from('TAG'), Buffer.alloc(125)]))).toBe('mp3');
    expect(detectFormat(mp3Frames(4).subarray(0, 64))).toBe('mp3');
  });

  it('skips a second ID3v2 tag', () => {
    expect(detectFormat(Buffer.concat([id3(500), mp3Frames(3)]))).toBe('mp3');
    expect(detectFormat(id3(500))).toBeUndefined();
  });

  it('is not taken in by random bytes', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      expect(detectFormat(randomBytes(seed, MAGIC_BYTES)), `seed ${seed}`).toBeUndefined();
    }
  });

  it('is not taken in by random bytes that begin with a frame header', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const bytes = randomBytes(seed, 20_000);
      bytes.set([0xff, 0xfb, 0x90, 0x00]);
      expect(detectFormat(bytes), `seed ${seed}`).toBeUndefined();
    }
  });

  it('is not taken in by text, pages, pictures, padding or nothing', () => {
    const html = '<!DOCTYPE html><html><body>no such file</body></html>\n'.repeat(2000);
    const notAudio = [
      Buffer.from(html),
      Buffer.from(`\ufeff${html}`, 'utf16le'),
      Buffer.from('\ufeffHello', 'utf16le'),
      Buffer.from('naïve café ÿÿÿ'.repeat(500), 'latin1'),
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), randomBytes(3, 50_000)]),
      Buffer.from('PK\x03\x04'),
      Buffer.from('RIFF\0\0\0\0AVI '),
      Buffer.alloc(MAGIC_BYTES),
      Buffer.alloc(MAGIC_BYTES, 0xff),
      Buffer.alloc(0),
    ];
    for (const bytes of notAudio) expect(detectFormat(bytes)).toBeUndefined();
  });
});

describe('names and types', () => {
  it('finds the format of every extension and MIME type it lists', () => {
    for (const extension of AUDIO_EXTENSIONS) {
      const format = formatOfExtension(extension.toUpperCase());
      expect(format).toBeDefined();
      expect(formatOfMimeType(mimeTypeOfExtension(extension) ?? '')).toBe(format);
    }
    for (const mime of AUDIO_MIME_TYPES) expect(mime).toMatch(/^(audio|application|video)\/[a-z0-9.-]+$/);
  });

  it('leaves videos alone', () => {
    expect(formatOfExtension('mp4')).toBeUndefined();
    expect(formatOfMimeType('video/mp4')).toBeUndefined();
  });

  it.each([
    ['a.MP3', 'mp3'],
    ['a.b.flac', 'flac'],
    ['.mp3', ''],
    ['mp3', ''],
    ['a.', ''],
  ])('reads the extension of %s', (name, extension) => {
    expect(extensionOf(name)).toBe(extension);
  });

  it('forgives the names that people mix up, and no others', () => {
    expect(isSameFamily('aac', 'mp3')).toBe(true);
    expect(isSameFamily('mp4', 'aac')).toBe(true);
    expect(isSameFamily('mp4', 'mp3')).toBe(false);
    expect(isSameFamily('flac', 'mp3')).toBe(false);
  });
});

describe('the length of an ID3v2 tag', () => {
  it('counts header and footer', () => {
    expect(id3v2Length(id3(300))).toBe(310);
    const withFooter = id3(300);
    withFooter[5] = 0x10;
    expect(id3v2Length(withFooter)).toBe(320);
  });

  it('is 0 without one', () => {
    expect(id3v2Length(mp3Frames(1))).toBe(0);
    expect(id3v2Length(Buffer.from('ID3'))).toBe(0);
    expect(id3v2Length(Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0x80, 0, 0, 0]))).toBe(0);
  });
});

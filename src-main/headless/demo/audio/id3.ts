import { ascii, u16be, u32be, utf8 } from './bytes.ts';
import type { AudioTags, Cover } from './tags.ts';

const UTF8 = Buffer.of(3);
const FRONT_COVER = 3;

/** ID3v2.4 keeps sizes in four bytes of seven bits, so that no size looks like the start of an MPEG frame. */
const synchsafe = (size: number): Buffer =>
  u32be(((size & 0x0fe00000) << 3) | ((size & 0x001fc000) << 2) | ((size & 0x3f80) << 1) | (size & 0x7f));

const frame = (id: string, body: Buffer): Buffer =>
  Buffer.concat([ascii(id), synchsafe(body.length), u16be(0), body]);

const textFrame = (id: string, text: string): Buffer => frame(id, Buffer.concat([UTF8, utf8(text)]));

const pictureFrame = (cover: Cover): Buffer =>
  frame(
    'APIC',
    Buffer.concat([UTF8, ascii(`${cover.mime}\0`), Buffer.of(FRONT_COVER), ascii('\0'), cover.data]),
  );

/** An ID3v2.4 tag (https://id3.org/id3v2.4.0-structure), as mp3 begins with and AIFF and WAV carry in a chunk. */
export const id3v24 = (tags: AudioTags): Buffer => {
  const frames = Buffer.concat([
    textFrame('TIT2', tags.title),
    textFrame('TPE1', tags.artist),
    textFrame('TALB', tags.album),
    ...(tags.albumArtist === undefined ? [] : [textFrame('TPE2', tags.albumArtist)]),
    textFrame('TRCK', String(tags.track)),
    textFrame('TDRC', String(tags.year)),
    textFrame('TCON', tags.genre),
    ...(tags.cover === undefined ? [] : [pictureFrame(tags.cover)]),
  ]);
  return Buffer.concat([ascii('ID3'), Buffer.of(4, 0, 0), synchsafe(frames.length), frames]);
};

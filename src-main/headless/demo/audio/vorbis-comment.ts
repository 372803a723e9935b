import { ascii, u32be, u32le, utf8 } from './bytes.ts';
import type { AudioTags, Cover } from './tags.ts';

const VENDOR = 'Ledgerline demo';
const FRONT_COVER = 3;

const lengthAndText = (text: string): Buffer => {
  const bytes = utf8(text);
  return Buffer.concat([u32le(bytes.length), bytes]);
};

/** A Vorbis comment (https://www.xiph.org/vorbis/doc/v-comment.html), without the framing bit of Vorbis itself. */
export const vorbisComment = (tags: AudioTags, more: readonly string[] = []): Buffer => {
  const comments = [
    `TITLE=${tags.title}`,
    `ARTIST=${tags.artist}`,
    `ALBUM=${tags.album}`,
    ...(tags.albumArtist === undefined ? [] : [`ALBUMARTIST=${tags.albumArtist}`]),
    `TRACKNUMBER=${tags.track}`,
    `DATE=${tags.year}`,
    `GENRE=${tags.genre}`,
    ...more,
  ];
  return Buffer.concat([lengthAndText(VENDOR), u32le(comments.length), ...comments.map(lengthAndText)]);
};

/** FLAC's picture block, which Ogg takes too, as base64 in a comment. Width, height and depth are left unknown (0). */
export const pictureBlock = (cover: Cover): Buffer =>
  Buffer.concat([
    u32be(FRONT_COVER),
    u32be(cover.mime.length),
    ascii(cover.mime),
    Buffer.alloc(5 * 4),
    u32be(cover.data.length),
    cover.data,
  ]);

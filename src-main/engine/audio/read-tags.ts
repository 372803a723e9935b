import { type IOptions, parseBuffer, parseFromTokenizer, selectCover } from 'music-metadata';
import type { AudioFormat } from '../../../shared/audio-types.ts';
import { FdTokenizer } from './fd-tokenizer.ts';
import type { CommonTags } from './tags.ts';

/** The type by which music-metadata finds its parser, so that it need not guess again. */
const PARSER: Readonly<Record<AudioFormat, string>> = {
  mp3: 'audio/mpeg',
  aac: 'audio/aacp',
  flac: 'audio/flac',
  mp4: 'audio/mp4',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  aiff: 'audio/aiff',
  asf: 'audio/ms-wma',
  ape: 'audio/ape',
  wavpack: 'audio/wavpack',
  dsf: 'audio/dsf',
  dff: 'audio/dsd',
  musepack: 'audio/musepack',
};

/**
 * Tags only: no counting of frames to learn the duration, no copies of pictures. New for each file, for the parser
 * writes into it.
 */
const options = (): IOptions => ({ duration: false, skipCovers: true });
/** A tag that claims to be larger is not believed. */
const LARGEST_TAG_BYTES = 64 * 1024 * 1024;

/** Where the bytes are: all in memory, or in an open file. */
export type TagSource = { readonly bytes: Uint8Array } | { readonly fd: number; readonly byteSize: number };

/** Throws whatever the parser throws. */
export const readTags = async (source: TagSource, format: AudioFormat): Promise<CommonTags> => {
  const mimeType = PARSER[format];
  if ('bytes' in source) return (await parseBuffer(source.bytes, { mimeType }, options())).common;
  const fileInfo = { size: source.byteSize, mimeType };
  const tokenizer = new FdTokenizer(source.fd, fileInfo, LARGEST_TAG_BYTES);
  return (await parseFromTokenizer(tokenizer, options())).common;
};

/** The bytes of the picture that stands for the album, as they are in the tags. Throws whatever the parser throws. */
export const readCover = async (
  source: Extract<TagSource, { readonly fd: number }>,
  format: AudioFormat,
): Promise<Uint8Array | undefined> => {
  const fileInfo = { size: source.byteSize, mimeType: PARSER[format] };
  const tokenizer = new FdTokenizer(source.fd, fileInfo, LARGEST_TAG_BYTES);
  const { common } = await parseFromTokenizer(tokenizer, { duration: false, skipCovers: false });
  return selectCover(common.picture)?.data;
};

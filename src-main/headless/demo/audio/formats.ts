import { aiffFile } from './aiff.ts';
import { flacFile } from './flac.ts';
import { mp3File } from './mp3.ts';
import { m4aFile } from './mp4.ts';
import { oggFile } from './ogg.ts';
import type { AudioTags, Sound } from './tags.ts';
import { wavFile } from './wav.ts';

export const WRITABLE_FORMATS = ['mp3', 'flac', 'm4a', 'opus', 'wav', 'aiff'] as const;
/** Named by the extension that its files carry. */
export type WritableFormat = (typeof WRITABLE_FORMATS)[number];

interface AudioWriter {
  /** How many bytes a second of sound takes, tags aside, for those who wish for a size. */
  readonly bytesPerSecond: number;
  /** A whole playable file. The same arguments give the same bytes. */
  readonly write: (tags: AudioTags, sound: Sound) => Buffer;
}

export const AUDIO_WRITERS: Readonly<Record<WritableFormat, AudioWriter>> = {
  mp3: { bytesPerSecond: 16_000, write: mp3File },
  flac: { bytesPerSecond: 88_250, write: flacFile },
  m4a: { bytesPerSecond: 88_250, write: m4aFile },
  opus: { bytesPerSecond: 16_130, write: oggFile },
  wav: { bytesPerSecond: 88_200, write: wavFile },
  aiff: { bytesPerSecond: 88_200, write: aiffFile },
};

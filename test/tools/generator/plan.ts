import {
  AUDIO_WRITERS,
  WRITABLE_FORMATS,
  type WritableFormat,
} from '../../../src-main/headless/demo/audio/formats.ts';
import { seededRandom } from '../../../src-main/headless/demo/audio/random.ts';
import type { AudioTags, Sound } from '../../../src-main/headless/demo/audio/tags.ts';
import { albumNames, songTitle } from './names.ts';

export interface LibraryOptions {
  /** How many audio files, copies included; what `oddNames` adds comes on top. */
  readonly files: number;
  /** Bytes of an average file; single ones have between 60 and 140 % of it. 100,000 unless told. */
  readonly size?: number;
  /** Another seed gives the same names with other sounds, so that no two files of two seeds are equal. */
  readonly seed?: number;
  /** One format an album, in turn. All that can be written unless told. */
  readonly formats?: readonly WritableFormat[];
  /** How many albums the files are spread over. One for each dozen unless told, and at least one a format. */
  readonly albums?: number;
  /** Puts a cover into every file; otherwise none has one. */
  readonly covers?: boolean;
  /** Which share (0 to below 1) of the files are copies of another, byte for byte, in another folder. */
  readonly duplicates?: number;
  /** Adds the folder "Odd names". */
  readonly oddNames?: boolean;
}

/** The options with nothing left open. */
export type LibraryLayout = Required<Omit<LibraryOptions, 'duplicates'>> & {
  /** How many of the files are copies: the last ones. */
  readonly copies: number;
};

export interface PlannedTrack {
  /** Relative to the library, with `/`. */
  readonly folder: string;
  readonly name: string;
  readonly format: WritableFormat;
  /** The number of the track with the same bytes; its own number unless it is a copy. */
  readonly content: number;
}

export interface PlannedContent {
  readonly format: WritableFormat;
  readonly album: number;
  readonly tags: Omit<AudioTags, 'cover'>;
  readonly sound: Sound;
}

const TRACKS_PER_ALBUM = 12;
const DEFAULT_SIZE = 100_000;

export const layoutOf = (options: LibraryOptions): LibraryLayout => {
  const { files, size = DEFAULT_SIZE, formats = WRITABLE_FORMATS, duplicates = 0 } = options;
  if (!Number.isInteger(files) || files < 1) throw new RangeError('files must be a whole number above 0');
  if (!(size > 0)) throw new RangeError('size must be above 0');
  if (formats.length === 0) throw new RangeError('formats must name at least one format');
  if (!(duplicates >= 0 && duplicates < 1)) throw new RangeError('duplicates must be from 0 to below 1');
  const copies = Math.floor(files * duplicates);
  const originals = files - copies;
  const albums = options.albums ?? Math.max(Math.ceil(originals / TRACKS_PER_ALBUM), formats.length);
  return {
    files,
    size,
    formats,
    copies,
    seed: options.seed ?? 1,
    albums: Math.max(1, Math.min(albums, originals)),
    covers: options.covers ?? false,
    oddNames: options.oddNames ?? false,
  };
};

const firstOfAlbum = (album: number, { files, copies, albums }: LibraryLayout): number =>
  Math.ceil((album * (files - copies)) / albums);

const albumOf = (content: number, { files, copies, albums }: LibraryLayout): number =>
  Math.floor((content * albums) / (files - copies));

/** What stands at this place of the library: `number` from 0 to below `files`. */
export const planTrack = (layout: LibraryLayout, number: number): PlannedTrack => {
  const originals = layout.files - layout.copies;
  if (number < originals) {
    const { tags, format } = planContent(layout, number);
    return {
      folder: `${tags.artist}/${tags.year} ${tags.album}`,
      name: `${twoDigits(tags.track)} ${tags.title}.${format}`,
      format,
      content: number,
    };
  }
  const copy = number - originals;
  const content = seededRandom(layout.seed + copy)() % originals;
  const { tags, format } = planContent(layout, content);
  return {
    folder: `Various Artists/Collected ${Math.floor(copy / TRACKS_PER_ALBUM) + 1}`,
    name: `${twoDigits((copy % TRACKS_PER_ALBUM) + 1)} ${tags.artist} - ${tags.title}.${format}`,
    format,
    content,
  };
};

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** The bytes behind a content number, short of its cover. */
export const planContent = (layout: LibraryLayout, content: number): PlannedContent => {
  const album = albumOf(content, layout);
  const format = layout.formats[album % layout.formats.length] ?? 'mp3';
  const names = albumNames(album);
  const sizeShare = 0.6 + 0.8 * (seededRandom(content)() / 2 ** 32);
  return {
    format,
    album,
    tags: {
      ...names,
      albumArtist: names.artist,
      title: songTitle(content),
      track: content - firstOfAlbum(album, layout) + 1,
    },
    sound: {
      seconds: (layout.size * sizeShare) / AUDIO_WRITERS[format].bytesPerSecond,
      // Odd multiplier: for one seed, no two contents share a sound.
      seed: (Math.imul(layout.seed, 0x9e37_79b1) + content) >>> 0,
    },
  };
};

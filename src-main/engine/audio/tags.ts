import type { SongMetadata } from '../../../shared/api/songs.ts';
import { displayPath } from '../library/paths.ts';

/**
 * Tags of one file, as they stand in the ledger (as JSON) and go to the archive. A title is always there; what the
 * file does not tell is left out.
 */
export type Tags = Omit<SongMetadata, 'title'> & { readonly title: string };

/** The part of music-metadata's common tags that is used. */
export interface CommonTags {
  readonly title?: string | undefined;
  readonly artist?: string | undefined;
  readonly artists?: readonly string[] | undefined;
  readonly album?: string | undefined;
  readonly albumartist?: string | undefined;
  readonly composer?: readonly string[] | undefined;
  readonly genre?: readonly string[] | undefined;
  readonly year?: number | undefined;
  readonly track?: { readonly no: number | null } | undefined;
  readonly disk?: { readonly no: number | null } | undefined;
}

/** The limits of shared/api/songs.ts. */
const LONGEST_TEXT = 1000;
const HIGHEST_NUMBER = 9999;

/** `name` is the file's name as bytes. Never throws, whatever a parser brings. */
export const toTags = (common: CommonTags, name: Uint8Array): Tags => {
  const optional = {
    artist: text(common.artist) ?? text(common.artists?.join(', ')),
    album: text(common.album),
    album_artist: text(common.albumartist),
    composer: text(common.composer?.join(', ')),
    genre: text(common.genre?.join(', ')),
    year: whole(common.year),
    track_number: whole(common.track?.no),
    disc_number: whole(common.disk?.no),
  };
  const told = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    title: text(common.title) ?? titleFromName(name),
    ...(Object.fromEntries(told) as Omit<Tags, 'title'>),
  };
};

/** Well-formed, on one line, without controls and spaces around it; undefined where nothing is left. */
const text = (value: unknown): string | undefined => {
  if (typeof value !== 'string') return undefined;
  const clean = value
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
  // Never half a character: a pair of surrogates may lie across the limit.
  const cut = clean
    .slice(0, LONGEST_TEXT)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
  return cut === '' ? undefined : cut;
};

const whole = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= HIGHEST_NUMBER
    ? value
    : undefined;

/**
 * "01 - So What", "1-03 So What", "12. So What". A number alone may be part of the title ("99 Problems"), so it goes
 * only with a leading zero or a mark behind it.
 */
const TRACK_NUMBER = /^(?:\d{1,2}-)?(?:0\d{1,2}|\d{1,3}(?=\s*[-._)]))(?:\s*[-._)]+\s*|\s+)(?=\S)/;

/** What to call a file that has no title: its name without extension and leading track number. */
export const titleFromName = (name: Uint8Array): string => {
  const shown = displayPath(name);
  const dot = shown.lastIndexOf('.');
  const stem = dot > 0 ? shown.slice(0, dot) : shown;
  return text(stem.replace(TRACK_NUMBER, '')) ?? text(stem) ?? 'Untitled';
};

import type { Formats } from '../../shared/formats.ts';
import type { TrackHappening, TrackOutcomeNow, TrackRow } from '../../shared/bridge/tracks.ts';
import { splitPath } from './file-name.ts';
import { tracks, type Piece } from './sentence.ts';

export const OUTCOME_WORDS: Readonly<Record<TrackOutcomeNow, string>> = {
  archived: 'Archived',
  waiting: 'Waiting',
  failed: 'Needs attention',
  skipped: 'Left out',
  missing: 'Missing',
};

export const nameOf = ({ title, path }: Pick<TrackRow, 'title' | 'path'>): string =>
  title === '' ? splitPath(path).name : title;

const OUTCOME_ENDS: Readonly<Record<TrackOutcomeNow, string>> = {
  archived: 'archived',
  waiting: 'waiting',
  failed: 'that need attention',
  skipped: 'left out',
  missing: 'missing from their folders',
};

/** "65,000 tracks in your ledger." */
export const tracksWords = (
  count: number | null,
  {
    outcome,
    search,
    album,
  }: { readonly outcome: TrackOutcomeNow | null; readonly search: string; readonly album: boolean },
  formats: Formats,
): readonly Piece[] => {
  if (count === null) return [{ text: 'Your tracks.' }];
  if (count === 0) return [{ text: search === '' ? 'No tracks here.' : 'No track is called that.' }];
  const [number = '', noun = ''] = tracks(count, formats).split(' ');
  const state = outcome === null ? '' : ` ${OUTCOME_ENDS[outcome]}`;
  const where =
    search !== '' ? ' found' : album ? ' on this album' : outcome === null ? ' in your ledger' : '';
  return [{ text: number, lamp: true }, { text: ` ${noun}${state}${where}.` }];
};

export const emptyTracksWords = (outcome: TrackOutcomeNow | null, search: string): string => {
  if (search !== '') return 'Paths, titles, artists and albums are looked through. Try fewer letters.';
  switch (outcome) {
    case null:
      return 'As soon as music is found in your folders, it is listed here.';
    case 'archived':
      return 'Nothing of these is archived yet.';
    case 'waiting':
      return 'Nothing waits.';
    case 'failed':
      return 'Good news: nothing needs attention.';
    case 'skipped':
      return 'Nothing was left out.';
    case 'missing':
      return 'No file was missed when your folders were looked through last.';
  }
};

const HAPPENED: Readonly<Record<TrackHappening['what'], string>> = {
  found: 'Found in your folder',
  read: 'Read and checked',
  sent: 'Sent to the archive',
  archived: 'Archived',
  confirmed: 'The archive was asked, and has it',
  failed: 'Could not be archived',
};

/** "Archived on 3 December 2026 at 05:40." */
export const happeningWords = (
  { what, at, detail }: TrackHappening,
  now: number,
  formats: Formats,
): string => {
  const said = `${HAPPENED[what]}, ${formats.past(at, now)}.`;
  if (detail === null || detail === '') return said;
  return `${said} ${/[.!?]$/.test(detail) ? detail : `${detail}.`}`;
};

/** What stands above a track's own page. */
export const trackSentence = (
  { outcome, archivedAt, reason }: Pick<TrackRow, 'outcome' | 'archivedAt' | 'reason'>,
  now: number,
  formats: Formats,
): string => {
  switch (outcome) {
    case 'archived':
      return archivedAt === null ? 'Archived.' : `Archived ${formats.past(archivedAt, now)}.`;
    case 'waiting':
      return 'Waiting for its turn.';
    case 'failed':
      return 'It needs attention.';
    case 'skipped':
      return reason === null ? 'Left out.' : `Left out: ${reason}`;
    case 'missing':
      return archivedAt === null
        ? 'The file is no longer where it was.'
        : `Archived ${formats.past(archivedAt, now)}; the file is no longer where it was.`;
  }
};

/** How the list would differ if it were opened now; undefined: it would not. */
export const newsWords = (
  shown: number,
  newest: number,
  what: string,
  formats: Formats,
): string | undefined => {
  const more = newest - shown;
  if (more === 0) return undefined;
  const many = Math.abs(more);
  const noun = many === 1 ? what : `${what}s`;
  const is = many === 1 ? 'is' : 'are';
  return more > 0
    ? `${formats.count(more)} ${noun} ${is} new`
    : `${formats.count(many)} ${noun} ${is} no longer in this list`;
};

import type { AlbumRow, AlbumsOpened } from '../../shared/bridge/albums.ts';
import type { Formats } from '../../shared/formats.ts';
import type { Piece } from './sentence.ts';

export const albums = (count: number, formats: Formats): string =>
  `${formats.count(count)} ${count === 1 ? 'album' : 'albums'}`;

/** "3,506 of 5,940 albums whole" */
export const wallSentence = (
  opened: Pick<AlbumsOpened, 'counts'> | null,
  isSearching: boolean,
  formats: Formats,
): readonly Piece[] => {
  if (opened === null) return [{ text: 'Looking at your albums.' }];
  const { all, whole } = opened.counts;
  if (all === 0) return [{ text: isSearching ? 'No album is called that.' : 'There are no albums yet.' }];
  if (whole === all)
    return [
      { text: all === 1 ? 'Your one album is whole.' : `All ${albums(all, formats)} whole.`, lamp: true },
    ];
  return [{ text: formats.count(whole), lamp: true }, { text: ` of ${albums(all, formats)} whole.` }];
};

export type AlbumLook = 'whole' | 'under_way' | 'to_come';

/** Whole: the archive has all of it that can be archived. */
export const lookOf = ({
  tracks,
  archived,
  skipped,
  underWay,
}: Pick<AlbumRow, 'tracks' | 'archived' | 'skipped' | 'underWay'>): AlbumLook => {
  if (archived > 0 && archived >= tracks - skipped) return 'whole';
  return archived > 0 || underWay ? 'under_way' : 'to_come';
};

/** Of what can be archived, 0 to 1. */
export const albumShare = ({
  tracks,
  archived,
  skipped,
}: Pick<AlbumRow, 'tracks' | 'archived' | 'skipped'>): number =>
  tracks > skipped ? archived / (tracks - skipped) : 0;

/** "7 of 11 tracks archived, 1 needs attention": behind the names, for those who cannot see it. */
export const albumWords = (album: AlbumRow, formats: Formats): string => {
  const { tracks, archived, skipped, failed } = album;
  const wanted = tracks - skipped;
  const done =
    lookOf(album) === 'whole'
      ? 'whole'
      : `${formats.count(archived)} of ${formats.count(wanted)} ${wanted === 1 ? 'track' : 'tracks'} archived`;
  return failed === 0 ? done : `${done}, ${attentionWords(failed, formats)}`;
};

export const attentionWords = (failed: number, formats: Formats): string =>
  `${formats.count(failed)} ${failed === 1 ? 'needs' : 'need'} attention`;

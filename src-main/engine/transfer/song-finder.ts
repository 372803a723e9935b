import type { Song } from '../../../shared/api/songs.ts';
import type { ArchiveClient } from '../archive/client.ts';
import { NotAnArchiveError } from '../archive/errors.ts';
import { EngineError } from '../errors.ts';
import type { Description, Likeness } from './description.ts';

/** Several songs could be ours, or one could be another file's as well; only a person can tell. */
export class AmbiguousSongError extends EngineError {
  readonly code = 'ambiguous_song';
  constructor(filename: string, songIds: readonly number[]) {
    super(
      `The archive's answer was lost, and which of its songs is this file cannot be told by itself (it may be number ${songIds.slice(0, 5).join(', ')}${songIds.length > 5 ? ' or another' : ''}). Please look which is right.`,
      { filename, songIds },
    );
  }
}

/** Finds songs on an archive that makes a new one for each create, after an answer was lost. */
export interface SongFinder {
  /** The highest song id that any answer told so far. */
  readonly highest: () => number;
  readonly sawSong: (id: number) => void;
  /**
   * The song that a create made whose answer was lost; undefined when there is none. `others` are contents whose creates
   * are as doubtful: a song that could be theirs as well is nobody's for sure. `isLast`: no song can come any more, so one
   * that may be ours with other tags, which people edit, is for a person to decide.
   * @throws AmbiguousSongError
   */
  readonly lost: (
    description: Description,
    highestBefore: number,
    others: () => readonly Likeness[],
    isLast: boolean,
  ) => Promise<Song | undefined>;
}

const PER_PAGE = 100;

export const createSongFinder = (
  origin: string,
  client: Pick<ArchiveClient, 'list'>,
  isLinked: (songId: number) => boolean,
  highestAtStart: number,
): SongFinder => {
  let highest = highestAtStart;
  const sawSong = (id: number): void => void (highest = Math.max(highest, id));

  const songsAbove = async (id: number): Promise<readonly Song[]> => {
    const above = new Map<number, Song>();
    let counted = 0;
    for (let page = 1; ; page += 1) {
      const { songs, per_page, count } = await client.list(page, PER_PAGE);
      const before = above.size;
      for (const song of songs) {
        sawSong(song.id);
        if (song.id > id) above.set(song.id, song);
      }
      // Newest first: a page that reaches below, or is not full, is the last that can hold any.
      if (songs.length < Math.min(PER_PAGE, per_page) || songs.some((song) => song.id <= id))
        return [...above.values()];
      if (count < counted) {
        // Somebody took songs away: what came behind them moved up, past the end of a page that was read before.
        above.clear();
        page = 0;
      } else if (above.size === before)
        throw new NotAnArchiveError(origin, 'its list of songs gives the same page again and again');
      counted = count;
    }
  };

  return {
    highest: () => highest,
    sawSong,
    lost: async (description, highestBefore, others, isLast) => {
      const free = (await songsAbove(highestBefore)).filter(({ id }) => !isLinked(id));
      const ours = free.filter((song) => couldBe(song, description));
      const [song] = ours;
      const candidates =
        isLast && song === undefined ? free.filter((other) => mayBe(other, description)) : ours;
      const isDoubtful =
        song === undefined || ours.length > 1 || others().some((other) => couldBe(song, other));
      if (candidates.length > 0 && isDoubtful)
        throw new AmbiguousSongError(
          description.filename,
          candidates.map(({ id }) => id),
        );
      return song;
    },
  };
};

type Named = Likeness & { readonly filename?: string };

const agrees = <T>(theirs: T | null | undefined, ours: T | null | undefined): boolean =>
  theirs === null || theirs === undefined || ours === null || ours === undefined || theirs === ours;

/** What nobody can edit. A checksum that is told decides alone. */
const isContent = (song: Song, { byteSize, checksum, sha256 }: Likeness): boolean =>
  agrees(song.byte_size, byteSize) && agrees(song.checksum, checksum) && agrees(song.sha256, sha256);

const tellsChecksum = ({ checksum, sha256 }: Song): boolean => typeof (checksum ?? sha256) === 'string';

/** The archive tames names, so only their letters and digits are compared. */
const isNamed = (song: Song, { filename }: Named): boolean =>
  agrees(tamed(song.original_filename), tamed(filename));

/** Whether a song may be this content: everything that both sides tell must agree. Without a name any will do. */
export const couldBe = (song: Song, content: Named): boolean => {
  if (!isContent(song, content)) return false;
  if (tellsChecksum(song)) return true;
  const { title, artist, album } = content.metadata;
  return (
    agrees(song.title, title) &&
    agrees(song.artist, artist) &&
    agrees(song.album, album) &&
    isNamed(song, content)
  );
};

/** Whether it may be, with tags that somebody edited. */
const mayBe = (song: Song, content: Named): boolean => isContent(song, content) && isNamed(song, content);

const tamed = (name: string | null | undefined): string | undefined =>
  name
    ?.normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');

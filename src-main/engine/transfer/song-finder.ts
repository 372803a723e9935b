import type { Song } from '../../../shared/api/songs.ts';
import type { ArchiveClient } from '../archive/client.ts';
import { EngineError } from '../errors.ts';
import type { Description, Likeness } from './description.ts';

/** Several songs could be ours, or one could be another file's as well; only a person can tell. */
export class AmbiguousSongError extends EngineError {
  readonly code = 'ambiguous_song';
  constructor(filename: string, songIds: readonly number[]) {
    super(
      `The archive's answer was lost, and which of its songs is this file cannot be told by itself (it may be number ${songIds.join(', ')}). Please look which is right.`,
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
   * The song that a create made whose answer was lost; undefined when it made none. `others` are contents whose creates
   * are as doubtful: a song that could be theirs as well is nobody's for sure.
   * @throws AmbiguousSongError
   */
  readonly lost: (
    description: Description,
    highestBefore: number,
    others: () => readonly Likeness[],
  ) => Promise<Song | undefined>;
}

const PER_PAGE = 100;

export const createSongFinder = (
  client: ArchiveClient,
  isLinked: (songId: number) => boolean,
  highestAtStart: number,
): SongFinder => {
  let highest = highestAtStart;
  const sawSong = (id: number): void => void (highest = Math.max(highest, id));

  const songsAbove = async (id: number): Promise<readonly Song[]> => {
    const above = new Map<number, Song>();
    for (let page = 1; ; page += 1) {
      const { songs, per_page } = await client.list(page, PER_PAGE);
      for (const song of songs) {
        sawSong(song.id);
        if (song.id > id) above.set(song.id, song);
      }
      // Newest first: a page that reaches below, or is not full, is the last that can hold any.
      if (songs.length < Math.min(PER_PAGE, per_page) || songs.some((song) => song.id <= id))
        return [...above.values()];
    }
  };

  return {
    highest: () => highest,
    sawSong,
    lost: async (description, highestBefore, others) => {
      const ours = (await songsAbove(highestBefore)).filter(
        (song) => !isLinked(song.id) && couldBe(song, description),
      );
      const [song] = ours;
      if (song === undefined) return undefined;
      if (ours.length > 1 || others().some((other) => couldBe(song, other)))
        throw new AmbiguousSongError(
          description.filename,
          ours.map(({ id }) => id),
        );
      return song;
    },
  };
};

/** Whether a song may be this content: everything that both sides tell must agree. Without a name any will do. */
export const couldBe = (
  song: Song,
  { metadata, byteSize, checksum, sha256, filename }: Likeness & { readonly filename?: string },
): boolean => {
  const agrees = <T>(theirs: T | null | undefined, ours: T | null | undefined): boolean =>
    theirs === null || theirs === undefined || ours === null || ours === undefined || theirs === ours;
  const told = song.checksum ?? song.sha256;
  return (
    agrees(song.byte_size, byteSize) &&
    agrees(song.checksum, checksum) &&
    agrees(song.sha256, sha256) &&
    agrees(song.title, metadata.title) &&
    agrees(song.artist, metadata.artist) &&
    agrees(song.album, metadata.album) &&
    // The archive tames names, so without a checksum only their letters and digits are compared.
    (typeof told === 'string' || agrees(tamed(song.original_filename), tamed(filename)))
  );
};

const tamed = (name: string | null | undefined): string | undefined =>
  name
    ?.normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');

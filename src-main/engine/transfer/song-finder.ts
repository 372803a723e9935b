import type { Song } from '../../../shared/api/songs.ts';
import type { ArchiveClient } from '../archive/client.ts';
import { EngineError } from '../errors.ts';
import type { Description } from './description.ts';

/** Several songs could be ours; only a person can tell which. */
export class AmbiguousSongError extends EngineError {
  readonly code = 'ambiguous_song';
  constructor(filename: string, songIds: readonly number[]) {
    super(
      `The archive has ${songIds.length} songs that may be this file (numbers ${songIds.join(', ')}), and its answer was lost. Please look which is right.`,
      { filename, songIds },
    );
  }
}

/** Finds songs on an archive that makes a new one for each create, after an answer was lost. */
export interface SongFinder {
  /** The highest song id that any answer told so far. */
  readonly highest: () => number;
  readonly sawSong: (id: number) => void;
  /** The song that a create made whose answer was lost; undefined when it made none. @throws AmbiguousSongError */
  readonly lost: (description: Description, highestBefore: number) => Promise<Song | undefined>;
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
      const { songs } = await client.list(page, PER_PAGE);
      for (const song of songs) {
        sawSong(song.id);
        if (song.id > id) above.set(song.id, song);
      }
      // Newest first: a page that reaches below, or is not full, is the last that can hold any.
      if (songs.length < PER_PAGE || songs.some((song) => song.id <= id)) return [...above.values()];
    }
  };

  return {
    highest: () => highest,
    sawSong,
    lost: async (description, highestBefore) => {
      const ours = (await songsAbove(highestBefore)).filter(
        (song) => !isLinked(song.id) && couldBe(song, description),
      );
      if (ours.length > 1)
        throw new AmbiguousSongError(
          description.filename,
          ours.map(({ id }) => id),
        );
      return ours[0];
    },
  };
};

/** Whether a song may be this content: everything that both sides tell must agree. */
export const couldBe = (
  song: Song,
  { metadata, byteSize, checksum, sha256, filename }: Description,
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

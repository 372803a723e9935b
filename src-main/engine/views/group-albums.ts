import { DISC_WORD, withoutDisc } from '../library/disc-folder.ts';
import { displayPath, joinPath, splitPath, toKey } from '../library/paths.ts';
import { type FolderRow, type Portion, portionKey } from './portions.ts';

export interface Album {
  /** The lowest id of its tracks, so that it stays the same while the others come and go. */
  readonly id: number;
  readonly title: string;
  /** Empty where the tags name none. */
  readonly artist: string;
  readonly year: number | null;
  readonly tracks: number;
  readonly archived: number;
  readonly failed: number;
  readonly skipped: number;
  /** What it is made of, see {@link portionKey}. */
  readonly portions: readonly string[];
  readonly folders: readonly number[];
  /** Whether it is an album by its tags, and not a folder. */
  readonly tagged: boolean;
}

export const VARIOUS = 'Various artists';

/**
 * Which tracks of one place are one album, where the places are those of {@link createPlaces}.
 *
 * - Tracks of one folder, where a folder that is named like a disc ("CD1", "Disc 2") counts as the folder above it.
 * - There, tracks with one album tag and one album artist are one album. Where no album artist is named, the album tag
 *   alone decides, so that a compilation of many artists is one; where just one is named for the same album tag, the others
 *   are of it.
 * - A folder with more than {@link MOST_SMALL} albums of less than {@link FEW} tracks each is one where songs lie loose:
 *   those small ones are one album, which is the folder.
 * - Tracks without an album tag, or not read yet, belong to the only album of the folder where that has at least as many
 *   tracks. Else they are an album that is the folder, together with the loose ones.
 *
 * Pure: the same portions give the same albums.
 */
export const albumsIn = (place: Placed): readonly Album[] => {
  const tagged = byTags(place.portions.filter(({ album }) => album !== null));
  const untagged = place.portions.filter(({ album }) => album === null);
  const small = tagged.filter((group) => tracksIn(group) < FEW);
  const loose = small.length > MOST_SMALL ? small : [];
  const albums = tagged.filter((group) => !loose.includes(group));
  const rest = [...loose.flat(), ...untagged];
  const [only] = albums;
  if (only !== undefined && albums.length === 1 && loose.length === 0 && tracksIn(only) >= tracksIn(rest))
    return [taggedAlbum([...only, ...rest])];
  return [
    ...albums.map((group) => taggedAlbum(group)),
    ...(rest.length === 0 ? [] : [folderAlbum(place, rest)]),
  ];
};

/** Portions by where they lie: those of the discs of one album are together. */
export interface Places {
  readonly add: (portions: readonly Portion[], folders: ReadonlyMap<number, FolderRow>) => void;
  readonly all: () => readonly Placed[];
}

export const createPlaces = (): Places => {
  const places = new Map<string, Placed>();
  return {
    add: (portions, folders) => {
      const placeOf = new Map<number, Placed>();
      for (const portion of portions) {
        let place = placeOf.get(portion.folderId);
        if (place === undefined) {
          const folder = folders.get(portion.folderId);
          if (folder === undefined) continue;
          const path = withoutDisc(folder.path);
          const key = `${folder.libraryId}/${toKey(path)}`;
          place = places.get(key) ?? { folder, path, portions: [] };
          places.set(key, place);
          placeOf.set(portion.folderId, place);
        }
        place.portions.push(portion);
      }
    },
    all: () => [...places.values()],
  };
};

/** Less tracks than this are no album where many such lie in one folder. */
const FEW = 4;
const MOST_SMALL = 2;

export interface Placed {
  readonly folder: FolderRow;
  /** The folder without that of the disc. */
  readonly path: Uint8Array;
  readonly portions: Portion[];
}

/** Portions with one album tag, by album artist where there are several. */
const byTags = (portions: readonly Portion[]): readonly (readonly Portion[])[] => {
  const byAlbum = Map.groupBy(portions, ({ album }) => same(withoutDiscWord(album ?? '')));
  return [...byAlbum.values()].flatMap((ofAlbum) => {
    const byArtist = Map.groupBy(ofAlbum, ({ albumArtist }) => same(albumArtist ?? ''));
    return byArtist.size === 2 && byArtist.has('') ? [ofAlbum] : [...byArtist.values()];
  });
};

const taggedAlbum = (portions: readonly Portion[]): Album => ({
  ...albumOf(portions),
  title: mostCommon(portions, ({ album }) => (album === null ? undefined : withoutDiscWord(album))) ?? '',
  artist: artistOf(portions),
  tagged: true,
});

const folderAlbum = ({ folder, path }: Placed, portions: readonly Portion[]): Album => {
  const { name } = splitPath(path.length === 0 ? withoutEndSlash(folder.libraryPath) : path);
  return {
    ...albumOf(portions),
    title: displayPath(name.length === 0 ? joinPath(folder.libraryPath, path) : name),
    artist: artistOf(portions) === VARIOUS ? '' : artistOf(portions),
    tagged: false,
  };
};

const albumOf = (portions: readonly Portion[]): Omit<Album, 'title' | 'artist' | 'tagged'> => ({
  id: portions.reduce((least, { firstTrack }) => Math.min(least, firstTrack), Infinity),
  year: mostCommon(portions, ({ year }) => year ?? undefined) ?? null,
  tracks: tracksIn(portions),
  archived: portions.reduce((sum, { archived }) => sum + archived, 0),
  failed: portions.reduce((sum, { failed }) => sum + failed, 0),
  skipped: portions.reduce((sum, { skipped }) => sum + skipped, 0),
  portions: portions.map(portionKey),
  folders: [...new Set(portions.map(({ folderId }) => folderId))],
});

/** The album artist; else the artist of more than half of the tracks; else, where there are several, nobody in particular. */
const artistOf = (portions: readonly Portion[]): string => {
  const named = mostCommon(portions, ({ albumArtist }) => albumArtist ?? undefined);
  if (named !== undefined) return named;
  const read = portions.filter(({ artist }) => artist !== null);
  const artist = mostCommon(read, (portion) => portion.artist ?? undefined);
  if (artist === undefined) return '';
  const theirs = read.filter((portion) => same(portion.artist ?? '') === same(artist));
  return tracksIn(theirs) * 2 > tracksIn(read) ? artist : VARIOUS;
};

const tracksIn = (portions: readonly Portion[]): number =>
  portions.reduce((sum, { tracks }) => sum + tracks, 0);

/** By tracks; of several the one that comes first. */
const mostCommon = <T extends string | number>(
  portions: readonly Portion[],
  of: (portion: Portion) => T | undefined,
): T | undefined => {
  const [first] = portions;
  if (portions.length === 1 && first !== undefined) return of(first);
  const counts = new Map<T, number>();
  for (const portion of portions) {
    const value = of(portion);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + portion.tracks);
  }
  let best: T | undefined;
  for (const [value, count] of counts)
    if (best === undefined || count > (counts.get(best) ?? 0)) best = value;
  return best;
};

/** Two tags that a person would take for one. */
const same = (tag: string): string => tag.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim();

const DISC_IN_TITLE = new RegExp(
  String.raw`^(.*\S)\s*[-–,:]?\s*(?:\(${DISC_WORD}\)|\[${DISC_WORD}\]|\s${DISC_WORD})$`,
  'i',
);

/** "The Wall (Disc 1)" is "The Wall". */
const withoutDiscWord = (album: string): string =>
  DISC_IN_TITLE.exec(album)?.[1]?.replace(/\s*[-–,:]$/, '') ?? album;

const withoutEndSlash = (path: Uint8Array): Uint8Array => {
  let end = path.length;
  while (end > 1 && path[end - 1] === 0x2f) end -= 1;
  return path.subarray(0, end);
};

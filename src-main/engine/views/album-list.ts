import type { Database } from 'better-sqlite3';
import type { Place } from '../library/place.ts';
import { fold, sortKey } from './fold.ts';
import { type Album, groupAlbums } from './group-albums.ts';
import { createChosenArchive } from './outcome.ts';
import { createPortions, portionKey } from './portions.ts';

export interface ListedAlbum extends Album {
  readonly key: string;
  /** What is searched, folded. */
  readonly text: string;
}

/** All albums of the ledger as they were a moment ago, kept in memory. */
export interface AlbumList {
  /** In the order of artist and title. */
  readonly sorted: () => readonly ListedAlbum[];
  readonly get: (id: number) => ListedAlbum | undefined;
  /** The albums that these files belong to. */
  readonly albumsOf: (places: readonly Place[]) => ReadonlySet<number>;
  readonly membersOf: (id: number) => ReadonlySet<number>;
  /** Reads them anew where the ledger changed and enough time has passed. */
  readonly refreshWhenDue: () => void;
}

/** After each reading this many times as long as it took, so that it costs at most so much of a core. */
const REST = 9;
const LEAST_REST_MS = 250;

interface Listing {
  readonly sorted: readonly ListedAlbum[];
  readonly byId: ReadonlyMap<number, ListedAlbum>;
  readonly byPortion: ReadonlyMap<string, number>;
  readonly version: number;
  readonly archiveId: number;
  readonly dueAt: number;
}

export const createAlbumList = (db: Database, clock: { readonly now: () => number }): AlbumList => {
  const source = createPortions(db);
  const chosenArchive = createChosenArchive(db);
  const version = db.prepare<[], number>('PRAGMA data_version').pluck();
  let last: Listing | undefined;

  const read = db.transaction((): Listing => {
    const started = clock.now();
    const archiveId = chosenArchive();
    const seen = version.get() ?? 0;
    const folders = new Map(source.folders().map((folder) => [folder.id, folder]));
    const albums = groupAlbums(source.all(archiveId), folders).map(listed);
    const ended = clock.now();
    return {
      sorted: albums.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id - b.id)),
      byId: new Map(albums.map((album) => [album.id, album])),
      byPortion: new Map(albums.flatMap(({ id, portions }) => portions.map((key) => [key, id] as const))),
      version: seen,
      archiveId,
      dueAt: ended + Math.max(LEAST_REST_MS, (ended - started) * REST),
    };
  });
  /** An archive that was changed is seen at once: what stands in it is another matter altogether. */
  const isStale = (listing: Listing): boolean =>
    listing.archiveId !== chosenArchive() ||
    (clock.now() >= listing.dueAt && version.get() !== listing.version);
  const current = (): Listing => {
    if (last === undefined || isStale(last)) last = read();
    return last;
  };

  return {
    sorted: () => current().sorted,
    get: (id) => (last ?? current()).byId.get(id),
    albumsOf: (places) => {
      const { byPortion } = last ?? current();
      const ids = new Set<number>();
      for (const { libraryPath, folderPath, name } of places) {
        const portion = source.ofPlace(libraryPath, folderPath, name);
        const id = portion === undefined ? undefined : byPortion.get(portionKey(portion));
        if (id !== undefined) ids.add(id);
      }
      return ids;
    },
    membersOf: (id) => {
      const album = current().byId.get(id);
      const portions = new Set(album?.portions);
      return new Set(
        (album?.folders ?? [])
          .flatMap((folder) => source.inFolder(folder))
          .filter((track) => portions.has(portionKey(track)))
          .map((track) => track.id),
      );
    },
    refreshWhenDue: () => {
      if (last !== undefined) current();
    },
  };
};

const listed = (album: Album): ListedAlbum => ({
  ...album,
  // What names nobody stands by its title.
  key:
    album.artist === ''
      ? sortKey(album.title)
      : `${sortKey(album.artist)}\0${sortKey(album.title)}\0${album.year ?? ''}`,
  text: `${fold(album.title)}\n${fold(album.artist)}`,
});

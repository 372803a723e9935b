import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { Place } from '../library/place.ts';
import { createChosenArchive } from './outcome.ts';
import { createPortions, portionKey } from './portions.ts';
import { type ListedAlbum, readAlbums } from './read-albums.ts';

/** All albums of the ledger as they were a moment ago, kept in memory. */
export interface AlbumList {
  /** In the order of artist and title. */
  readonly sorted: () => Promise<readonly ListedAlbum[]>;
  readonly get: (id: number) => ListedAlbum | undefined;
  /** The albums that these files belong to. */
  readonly albumsOf: (places: readonly Place[]) => ReadonlySet<number>;
  readonly membersOf: (id: number) => Promise<ReadonlySet<number>>;
  /** Reads them anew where the ledger changed and enough time has passed. */
  readonly refreshWhenDue: () => void;
  /** It has what is not in the ledger any more: the next who asks waits until it is read anew. */
  readonly outdate: () => void;
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
  let reading: Promise<Listing> | undefined;

  const read = async (): Promise<Listing> => {
    // What changes from here on may or may not be seen: it makes another reading.
    const seen = version.get() ?? 0;
    const archiveId = chosenArchive();
    const steps = readAlbums(source, archiveId);
    let took = 0;
    for (;;) {
      const started = clock.now();
      const step = steps.next();
      took += clock.now() - started;
      if (step.done === true) {
        const sorted = step.value;
        return {
          sorted,
          byId: new Map(sorted.map((album) => [album.id, album])),
          byPortion: new Map(sorted.flatMap(({ id, portions }) => portions.map((key) => [key, id] as const))),
          version: seen,
          archiveId,
          dueAt: clock.now() + Math.max(LEAST_REST_MS, took * REST),
        };
      }
      await setImmediate();
    }
  };
  const readOnce = async (): Promise<Listing> => {
    try {
      last = await read();
      return last;
    } finally {
      reading = undefined;
    }
  };
  /** An archive that was changed is seen at once: what stands in it is another matter altogether. */
  const isStale = (listing: Listing): boolean =>
    listing.archiveId !== chosenArchive() ||
    (clock.now() >= listing.dueAt && version.get() !== listing.version);
  const current = async (): Promise<Listing> => {
    while (last === undefined || isStale(last)) await (reading ??= readOnce());
    return last;
  };

  return {
    sorted: async () => (await current()).sorted,
    get: (id) => last?.byId.get(id),
    albumsOf: (places) => {
      const ids = new Set<number>();
      for (const { libraryPath, folderPath, name } of places) {
        const portion = source.ofPlace(libraryPath, folderPath, name);
        const id = portion === undefined ? undefined : last?.byPortion.get(portionKey(portion));
        if (id !== undefined) ids.add(id);
      }
      return ids;
    },
    membersOf: async (id) => {
      const album = last?.byId.get(id) ?? (await current()).byId.get(id);
      const portions = new Set(album?.portions);
      return new Set(
        (album?.folders ?? [])
          .flatMap((folder) => source.inFolder(folder))
          .filter((track) => portions.has(portionKey(track)))
          .map((track) => track.id),
      );
    },
    // A reading that fails here and that nobody waits for ends the thread, as any fault does.
    refreshWhenDue: () => {
      if (last !== undefined && isStale(last)) void (reading ??= readOnce());
    },
    outdate: () => {
      if (last !== undefined) last = { ...last, dueAt: 0 };
    },
  };
};

import type { Database } from 'better-sqlite3';
import type { AlbumFilter, AlbumsOpened, AlbumsWanted } from '../../../shared/bridge/albums.ts';
import type { Slice } from '../../../shared/bridge/fields.ts';
import type { Place } from '../library/place.ts';
import { createAlbumList } from './album-list.ts';
import { letterOf, wordsOf } from './fold.ts';
import type { Album } from './group-albums.ts';
import type { UncoveredAlbum } from './messages.ts';
import type { ListedAlbum } from './read-albums.ts';
import { createShelf } from './shelf.ts';

const MOST_VIEWS = 8;

/** The wall. */
export interface AlbumViews {
  /** @param sending files that are being sent now */
  readonly open: (wanted: AlbumsWanted, sending: readonly Place[]) => Promise<AlbumsOpened>;
  /** Null where the view was given up, or has albums whose tracks are not in the ledger any more. */
  readonly slice: (slice: Slice, sending: readonly Place[]) => UncoveredAlbum[] | null;
  readonly membersOf: (album: number) => Promise<ReadonlySet<number>>;
  /** For when there is nothing else to do. */
  readonly refreshWhenDue: () => void;
}

export const createAlbumViews = (
  db: Database,
  nextRef: () => number,
  clock: { readonly now: () => number },
): AlbumViews => {
  const list = createAlbumList(db, clock);
  const shelf = createShelf<readonly ListedAlbum[]>(MOST_VIEWS, nextRef);
  const place = db.prepare<[number], Place & { readonly album: string }>(
    `SELECT library.path AS libraryPath, folder.path AS folderPath, track.name, coalesce(content.tags ->> '$.album', '') AS album
     FROM track JOIN folder ON folder.id = track.folder_id JOIN library ON library.id = track.library_id
       LEFT JOIN content ON content.id = track.content_id WHERE track.id = ?`,
  );
  const rowOf = (album: Album, underWay: boolean): UncoveredAlbum | undefined => {
    const found = place.get(album.id);
    if (found === undefined) return undefined;
    const { id, title, artist, year, tracks, archived, failed, skipped } = album;
    // A picture for a folder of many albums is the folder's own.
    const source = album.tagged ? found : { ...found, album: '' };
    return { id, title, artist, year, tracks, archived, failed, skipped, underWay, source };
  };

  return {
    open: async (wanted, sending) => {
      const sorted = await list.sorted();
      const words = wordsOf(wanted.search);
      const found = sorted.filter(({ text }) => words.every((word) => text.includes(word)));
      const underWay = list.albumsOf(sending);
      const counts = { all: 0, whole: 0, under_way: 0, to_come: 0, attention: 0 };
      const view: ListedAlbum[] = [];
      for (const album of found) {
        const filters = filtersOf(album, underWay.has(album.id));
        for (const filter of filters) counts[filter] += 1;
        if (filters.includes(wanted.filter)) view.push(album);
      }
      return { view: shelf.put(view), albums: view.length, counts, letters: lettersOf(view) };
    },
    slice: ({ view, from, count }, sending) => {
      const opened = shelf.get(view)?.slice(from, from + count);
      if (opened === undefined) return null;
      const underWay = list.albumsOf(sending);
      const rows = opened
        // One whose first track went to another album, or has gone, is shown as it was when it was listed.
        .map((album) => rowOf(list.get(album.id) ?? album, underWay.has(album.id)))
        .filter((row) => row !== undefined);
      if (rows.length === opened.length) return rows;
      // Fewer rows would stand at the wrong places.
      shelf.giveUp(view);
      list.outdate();
      return null;
    },
    membersOf: list.membersOf,
    refreshWhenDue: list.refreshWhenDue,
  };
};

/**
 * Where an album is found. Whole: the archive has all of it that can be archived, and something at all. Under way: it
 * has some of it, or gets some now. To come: there is something to be archived, and it has none of it.
 */
export const filtersOf = (
  { tracks, archived, failed, skipped }: Pick<Album, 'tracks' | 'archived' | 'failed' | 'skipped'>,
  underWay: boolean,
): readonly AlbumFilter[] => {
  const filters: AlbumFilter[] = ['all'];
  const wanted = tracks - skipped;
  if (archived > 0 && archived === wanted) filters.push('whole');
  else if (archived > 0 || underWay) filters.push('under_way');
  else if (wanted > 0) filters.push('to_come');
  if (failed > 0) filters.push('attention');
  return filters;
};

const lettersOf = (view: readonly ListedAlbum[]): AlbumsOpened['letters'] => {
  const letters: AlbumsOpened['letters'] = [];
  for (const [at, { key }] of view.entries()) {
    const letter = letterOf(key);
    if (letters.at(-1)?.letter !== letter) letters.push({ letter, at });
  }
  return letters;
};

import type { Database } from 'better-sqlite3';
import type { Slice } from '../../../shared/bridge/fields.ts';
import type { TrackRow, TracksOpened, TracksWanted } from '../../../shared/bridge/tracks.ts';
import { createChosenArchive } from './outcome.ts';
import { createShelf } from './shelf.ts';
import { createTrackIds } from './track-ids.ts';
import { createTrackFacts, rowOf } from './track-rows.ts';

/** As many tables as a few pages have open. */
const MOST_VIEWS = 8;

/** The table over the whole ledger: its order is kept as ids, its rows are what the ledger shows when they are asked for. */
export interface TrackViews {
  readonly open: (wanted: TracksWanted) => TracksOpened;
  /** Null where the view was given up, or lists tracks that are not in the ledger any more. */
  readonly slice: (slice: Slice) => TrackRow[] | null;
}

/** @param membersOf the tracks of an album */
export const createTrackViews = (
  db: Database,
  nextRef: () => number,
  membersOf: (album: number) => ReadonlySet<number>,
): TrackViews => {
  const shelf = createShelf<Uint32Array>(MOST_VIEWS, nextRef);
  const chosenArchive = createChosenArchive(db);
  const ids = createTrackIds(db);
  const facts = createTrackFacts(db);

  const rows = (listed: Uint32Array): TrackRow[] | undefined => {
    const archiveId = chosenArchive();
    const found = Array.from(listed, (id) => facts(archiveId, id)).filter((row) => row !== undefined);
    return found.length === listed.length ? found.map(rowOf) : undefined;
  };
  return {
    open: db.transaction((wanted) => {
      const members = wanted.album === null ? undefined : membersOf(wanted.album);
      const view = ids(chosenArchive(), wanted, members);
      return { view: shelf.put(view), tracks: view.length };
    }),
    slice: db.transaction(({ view, from, count }) => {
      const listed = shelf.get(view)?.subarray(from, from + count);
      if (listed === undefined) return null;
      const found = rows(listed);
      // Fewer rows would stand at the wrong places.
      if (found === undefined) shelf.giveUp(view);
      return found ?? null;
    }),
  };
};

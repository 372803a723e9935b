import type { Database } from 'better-sqlite3';
import type { Slice } from '../../../shared/bridge/fields.ts';
import type { TrackRow, TracksOpened, TracksWanted } from '../../../shared/bridge/tracks.ts';
import { byPathOutcome, createByPath } from './by-path.ts';
import { FIRST, type Order, orderFrom, orderOf } from './order.ts';
import { createChosenArchive } from './outcome.ts';
import { createShelf } from './shelf.ts';
import { createTrackIds } from './track-ids.ts';
import { createTrackFacts, rowOf } from './track-rows.ts';

/** As many tables as a few pages have open. */
const MOST_VIEWS = 8;

/** The table over the whole ledger: its order is kept as ids, its rows are what the ledger shows when they are asked for. */
export interface TrackViews {
  /** @param members the tracks of the album, where those of one are wanted */
  readonly open: (wanted: TracksWanted, members?: ReadonlySet<number>) => TracksOpened;
  /** Null where the view was given up, or lists tracks that are not in the ledger any more. */
  readonly slice: (slice: Slice) => TrackRow[] | null;
}

export const createTrackViews = (db: Database, nextRef: () => number): TrackViews => {
  const shelf = createShelf<Order>(MOST_VIEWS, nextRef);
  const chosenArchive = createChosenArchive(db);
  const ids = createTrackIds(db);
  const byPath = createByPath(db);
  /** An order was lost, as happens while the disk is being looked through: the next one is found whole at once. */
  let wasLost = false;
  const facts = createTrackFacts(db);

  const rows = (listed: Uint32Array): TrackRow[] | undefined => {
    const archiveId = chosenArchive();
    const found = Array.from(listed, (id) => facts(archiveId, id)).filter((row) => row !== undefined);
    return found.length === listed.length ? found.map(rowOf) : undefined;
  };
  const orderFor = (wanted: TracksWanted, members?: ReadonlySet<number>): Order => {
    const archiveId = chosenArchive();
    const outcome = byPathOutcome(wanted);
    const find = (): Uint32Array => (outcome === null ? byPath.all() : ids(archiveId, wanted, members));
    if (outcome === undefined || wasLost) {
      wasLost = false;
      return orderOf(find());
    }
    const count = byPath.count(archiveId, outcome);
    const first = count === undefined ? undefined : byPath.first(archiveId, outcome, Math.min(FIRST, count));
    return count === undefined || first === undefined ? orderOf(find()) : orderFrom(first, count, find);
  };
  return {
    open: db.transaction((wanted, members) => {
      const order = orderFor(wanted, members);
      return { view: shelf.put(order), tracks: order.tracks };
    }),
    slice: db.transaction(({ view, from, count }) => {
      const order = shelf.get(view);
      if (order === undefined) return null;
      const listed = order.slice(from, from + count);
      if (listed === undefined) wasLost = true;
      const found = listed === undefined ? undefined : rows(listed);
      // Fewer rows would stand at the wrong places.
      if (found === undefined) shelf.giveUp(view);
      return found ?? null;
    }),
  };
};

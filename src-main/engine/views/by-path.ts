import type { Database } from 'better-sqlite3';
import type { TracksWanted } from '../../../shared/bridge/tracks.ts';
import { numbersIn } from './numbers.ts';
import { OUTCOME } from './outcome.ts';

/** Null: all but the missing ones. */
export type ByPathOutcome = 'archived' | 'waiting' | null;

/** Most tracks, in the order of their paths: what the table shows before anything else is wished. */
export interface ByPath {
  /** Undefined where only counting one by one would tell. */
  readonly count: (archiveId: number, outcome: ByPathOutcome) => number | undefined;
  /** The ids of the first so many, or of all where there are less; undefined where these are not found soon. */
  readonly first: (archiveId: number, outcome: ByPathOutcome, most: number) => Uint32Array | undefined;
  /** Of all but the missing ones. */
  readonly all: () => Uint32Array;
}

/** Undefined where something else is wanted. */
export const byPathOutcome = (wanted: TracksWanted): ByPathOutcome | undefined => {
  const { outcome, search, order, descending, album } = wanted;
  if (search.trim() !== '' || order !== 'path' || descending || album !== null) return undefined;
  return outcome === null || outcome === 'archived' || outcome === 'waiting' ? outcome : undefined;
};

/** Among so many the first of an outcome are looked for, which takes some 50 ms. */
const SOON = 20_000;

export const createByPath = (db: Database): ByPath => {
  const inOrder = 'ORDER BY folder.library_id, folder.path, track.name';
  const tracks = 'folder CROSS JOIN track ON track.folder_id = folder.id';
  /** Of every archive the tallies count all tracks; without one nobody does. */
  const tallied = db
    .prepare<[number, string | null], number>(
      'SELECT total(tracks) FROM tally WHERE archive_id = ? AND outcome = coalesce(?, outcome)',
    )
    .pluck();
  const firstOfAll = db
    .prepare<[number], number>(
      `SELECT track.id FROM ${tracks} WHERE track.state <> 'missing' ${inOrder} LIMIT ?`,
    )
    .pluck();
  const firstOf = db
    .prepare<[number, string, number], number>(
      `SELECT id FROM (SELECT track.id, ${OUTCOME} AS outcome FROM ${tracks}
         LEFT JOIN holding ON holding.archive_id = ? AND holding.content_id = track.content_id ${inOrder} LIMIT ${SOON})
       WHERE outcome = ? LIMIT ?`,
    )
    .pluck();
  // An index has the tracks in this order. It does not say which are missing, but another one does.
  const ids = db
    .prepare<[], string | null>(`SELECT group_concat(id) FROM (SELECT track.id FROM ${tracks} ${inOrder})`)
    .pluck();
  const missing = db
    .prepare<[], string | null>(
      `SELECT group_concat(id) FROM track WHERE state <> 'found' AND state = 'missing'`,
    )
    .pluck();
  return {
    count: (archiveId, outcome) => (archiveId === 0 ? undefined : tallied.get(archiveId, outcome)),
    first: (archiveId, outcome, most) => {
      if (outcome === null) return Uint32Array.from(firstOfAll.all(most));
      const found = firstOf.all(archiveId, outcome, most);
      return found.length < most ? undefined : Uint32Array.from(found);
    },
    all: () => {
      const away = new Set(numbersIn(missing.get() ?? null));
      return Uint32Array.from(numbersIn(ids.get() ?? null).filter((id) => !away.has(id)));
    },
  };
};

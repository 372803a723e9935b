import type { Database } from 'better-sqlite3';
import type { TracksWanted } from '../../../shared/bridge/tracks.ts';
import { numbersIn } from './numbers.ts';

/** All tracks but the missing ones in the order of their paths: what the table shows before anything else is wished. */
export interface AllByPath {
  readonly count: (archiveId: number) => number;
  /** The ids of the first so many. */
  readonly first: (most: number) => Uint32Array;
  readonly all: () => Uint32Array;
}

export const isAllByPath = ({ outcome, search, order, descending, album }: TracksWanted): boolean =>
  outcome === null && search.trim() === '' && order === 'path' && !descending && album === null;

/** An index has the tracks in this order. It does not say which are missing, but another one does. */
export const createAllByPath = (db: Database): AllByPath => {
  const inOrder = (what: string, where: string): string =>
    `SELECT ${what} FROM folder CROSS JOIN track ON track.folder_id = folder.id ${where}
     ORDER BY folder.library_id, folder.path, track.name`;
  /** Of every archive the tallies count all tracks; without one nobody does. */
  const tallied = db
    .prepare<[number], number | null>('SELECT sum(tracks) FROM tally WHERE archive_id = ?')
    .pluck();
  const counted = db
    .prepare<[], number>(
      `SELECT (SELECT count(*) FROM track) - (SELECT count(*) FROM track WHERE state <> 'found' AND state = 'missing')`,
    )
    .pluck();
  const first = db
    .prepare<[number], number>(`${inOrder('track.id', `WHERE track.state <> 'missing'`)} LIMIT ?`)
    .pluck();
  const ids = db
    .prepare<[], string | null>(`SELECT group_concat(id) FROM (${inOrder('track.id', '')})`)
    .pluck();
  const missing = db
    .prepare<[], string | null>(
      `SELECT group_concat(id) FROM track WHERE state <> 'found' AND state = 'missing'`,
    )
    .pluck();
  return {
    count: (archiveId) => tallied.get(archiveId) ?? counted.get() ?? 0,
    first: (most) => Uint32Array.from(first.all(most)),
    all: () => {
      const away = new Set(numbersIn(missing.get() ?? null));
      return Uint32Array.from(numbersIn(ids.get() ?? null).filter((id) => !away.has(id)));
    },
  };
};

import type { Database } from 'better-sqlite3';
import type { TrackState } from '../ledger/track-pages.ts';
import { wordsOf } from './fold.ts';
import { createTrackIds } from './track-ids.ts';

/** Those of the tracks of a state that the search of the page's table finds, for who lists them elsewhere. */
export type Find = (state: TrackState, search: string) => ReadonlySet<number>;

export const createFind = (db: Database): Find => {
  const idsOf = createTrackIds(db);
  return (state, search) =>
    new Set(
      // Which of them stand so is told by whoever lists them; the missing ones alone are kept apart.
      idsOf(0, {
        outcome: state === 'missing' ? 'missing' : null,
        search,
        order: 'path',
        descending: false,
        album: null,
      }),
    );
};

/** Whether there is a word in it: without one everything is found. */
export const isSearch = (text: string): boolean => wordsOf(text).length > 0;

import type { Database } from 'better-sqlite3';
import { isReasonCode, REASONS } from '../library/reasons.ts';
import { shownWhole } from '../library/place.ts';

/** `waiting` groups only what was tried and has to wait for its next try. */
export type GroupedState = 'failed' | 'skipped' | 'waiting';

/** Tracks that have one cause in common. */
export interface FailureGroup {
  /** A code of engine/library/reasons.ts, or what the archive's answer is known by. */
  readonly code: string;
  /** For the archive's failures, see engine/transfer/failure.ts; `retry` for what could not be read. */
  readonly class: string;
  /** For a person: what happened and, where something can be done, what. */
  readonly sentence: string;
  readonly tracks: number;
  /** The first few, fit to be shown. */
  readonly examples: readonly string[];
}

interface CountRow {
  readonly code: string;
  readonly class: string;
  readonly message: string | null;
  readonly tracks: number;
}

interface PlaceRow {
  readonly libraryPath: Uint8Array;
  readonly folderPath: Uint8Array;
  readonly name: Uint8Array;
}

const PLACE = 'library.path AS libraryPath, folder.path AS folderPath, track.name';
const PLACE_OF_TRACK =
  'JOIN folder ON folder.id = track.folder_id JOIN library ON library.id = track.library_id';
const IN_LIBRARIES = 'track.library_id IN (SELECT value FROM json_each(?))';
const HELD: Readonly<Record<'failed' | 'waiting', string>> = {
  failed: `holding.archive_id = ? AND holding.state = 'failed'`,
  waiting: `holding.archive_id = ? AND holding.state = 'open' AND holding.attempts > 0`,
};

/** Through partial indexes, so it costs as much as there is trouble. The largest group comes first. */
export const createFailureGroups = (
  db: Database,
): ((
  state: GroupedState,
  archiveId: number,
  libraryIds: readonly number[],
  examples: number,
) => readonly FailureGroup[]) => {
  const read = db.prepare<[string, string], CountRow>(
    `SELECT coalesce(reason, 'unknown') AS code, 'retry' AS class, NULL AS message, count(*) AS tracks
     FROM track WHERE state = ? AND ${IN_LIBRARIES} GROUP BY reason`,
  );
  const readPlaces = db.prepare<[string, string, string, number], PlaceRow>(
    `SELECT ${PLACE} FROM track ${PLACE_OF_TRACK} WHERE track.state = ? AND ${IN_LIBRARIES} AND coalesce(reason, 'unknown') = ?
     ORDER BY track.id LIMIT ?`,
  );
  const held = (which: 'failed' | 'waiting') => ({
    counts: db.prepare<[number, string], CountRow>(
      `SELECT holding.failure_code AS code, holding.failure_class AS class, min(holding.failure_message) AS message, count(*) AS tracks
       FROM holding JOIN track ON track.content_id = holding.content_id AND track.state = 'found'
       WHERE ${HELD[which]} AND ${IN_LIBRARIES} GROUP BY holding.failure_code, holding.failure_class`,
    ),
    places: db.prepare<[number, string, string, string, number], PlaceRow>(
      `SELECT ${PLACE} FROM holding JOIN track ON track.content_id = holding.content_id AND track.state = 'found' ${PLACE_OF_TRACK}
       WHERE ${HELD[which]} AND ${IN_LIBRARIES} AND holding.failure_code = ? AND holding.failure_class = ? ORDER BY holding.id LIMIT ?`,
    ),
  });
  const givenUp = held('failed');
  const triedInVain = held('waiting');

  return (state, archiveId, libraryIds, examples) => {
    const ids = JSON.stringify(libraryIds);
    const ofReading =
      state === 'waiting'
        ? []
        : read.all(state, ids).map((row) => groupOf(row, readPlaces.all(state, ids, row.code, examples)));
    const { counts, places } = state === 'waiting' ? triedInVain : givenUp;
    const ofArchive =
      state === 'skipped'
        ? []
        : counts
            .all(archiveId, ids)
            .map((row) => groupOf(row, places.all(archiveId, ids, row.code, row.class, examples)));
    return [...ofReading, ...ofArchive].toSorted((a, b) => b.tracks - a.tracks);
  };
};

const groupOf = (row: CountRow, places: readonly PlaceRow[]): FailureGroup => ({
  code: row.code,
  class: row.class,
  sentence: sentenceOf(row.code, row.message),
  tracks: row.tracks,
  examples: places.map(shownWhole),
});

/** The words of the code, or what was told at the time. */
export const sentenceOf = (code: string, message: string | null): string =>
  message ?? (isReasonCode(code) ? REASONS[code].sentence : code);

/**
 * What is to be done about a class of failures (see engine/transfer/failure.ts); empty where the sentence says it.
 * @param retry what a person uses to have it tried again: a command, the name of a button
 */
export const adviceOf = (failureClass: string | undefined, retry: string): string => {
  switch (failureClass) {
    case 'refused':
      return `The archive does not take it as it is; ${retry} asks again.`;
    case 'person':
      return `Look at it, then ${retry} tries again.`;
    default:
      return '';
  }
};

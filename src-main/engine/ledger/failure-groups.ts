import type { Database } from 'better-sqlite3';
import { isReasonCode, REASONS } from '../library/reasons.ts';
import { shownWhole } from '../library/place.ts';

/**
 * `waiting` groups only what was tried and has to wait for its next try; `ignored` what had failed and was left out by a
 * person, under the code it had failed with. Both `skipped` and `ignored` count as skipped.
 */
export type GroupedState = 'failed' | 'skipped' | 'ignored' | 'waiting';

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
  /** Their tracks, in the same order; where the ledger knows them. */
  readonly exampleIds?: readonly number[];
}

interface CountRow {
  readonly code: string;
  readonly class: string;
  readonly message: string | null;
  readonly tracks: number;
}

interface PlaceRow {
  readonly id: number;
  readonly libraryPath: Uint8Array;
  readonly folderPath: Uint8Array;
  readonly name: Uint8Array;
}

const PLACE = 'track.id, library.path AS libraryPath, folder.path AS folderPath, track.name';
const PLACE_OF_TRACK =
  'JOIN folder ON folder.id = track.folder_id JOIN library ON library.id = track.library_id';
const IN_LIBRARIES = 'track.library_id IN (SELECT value FROM json_each(?))';
type HeldState = Exclude<GroupedState, 'skipped'>;
const HELD: Readonly<Record<HeldState, string>> = {
  failed: `holding.archive_id = ? AND holding.state = 'failed'`,
  ignored: `holding.archive_id = ? AND holding.state = 'skipped'`,
  waiting: `holding.archive_id = ? AND holding.state = 'open' AND holding.attempts > 0`,
};

type ReadState = Exclude<GroupedState, 'waiting'>;
/** Of what was left out the code it had failed with stands in `detail`. */
const READ: Readonly<Record<ReadState, { readonly where: string; readonly code: string }>> = {
  failed: { where: `track.state = 'failed'`, code: `coalesce(track.reason, 'unknown')` },
  skipped: {
    where: `track.state = 'skipped' AND track.reason IS NOT 'ignored'`,
    code: `coalesce(track.reason, 'unknown')`,
  },
  ignored: {
    where: `track.state = 'skipped' AND track.reason = 'ignored'`,
    code: `coalesce(track.detail, 'unknown')`,
  },
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
  const read = (which: ReadState) => {
    const { where, code } = READ[which];
    return {
      counts: db.prepare<[string], CountRow>(
        `SELECT ${code} AS code, 'retry' AS class, NULL AS message, count(*) AS tracks
         FROM track WHERE ${where} AND ${IN_LIBRARIES} GROUP BY 1`,
      ),
      places: db.prepare<[string, string, number], PlaceRow>(
        `SELECT ${PLACE} FROM track ${PLACE_OF_TRACK} WHERE ${where} AND ${IN_LIBRARIES} AND ${code} = ?
         ORDER BY track.id LIMIT ?`,
      ),
    };
  };
  const held = (which: HeldState) => ({
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
  const ofReading = { failed: read('failed'), skipped: read('skipped'), ignored: read('ignored') };
  const ofArchive = { failed: held('failed'), ignored: held('ignored'), waiting: held('waiting') };

  return (state, archiveId, libraryIds, examples) => {
    const ids = JSON.stringify(libraryIds);
    const groups: FailureGroup[] = [];
    if (state !== 'waiting') {
      const { counts, places } = ofReading[state];
      for (const row of counts.all(ids)) groups.push(groupOf(row, places.all(ids, row.code, examples)));
    }
    if (state !== 'skipped') {
      const { counts, places } = ofArchive[state];
      for (const row of counts.all(archiveId, ids))
        groups.push(groupOf(row, places.all(archiveId, ids, row.code, row.class, examples)));
    }
    return groups.toSorted((a, b) => b.tracks - a.tracks);
  };
};

const groupOf = (row: CountRow, places: readonly PlaceRow[]): FailureGroup => ({
  code: row.code,
  class: row.class,
  sentence: sentenceOf(row.code, row.message),
  tracks: row.tracks,
  examples: places.map(shownWhole),
  exampleIds: places.map(({ id }) => id),
});

/** What was left out by a person, among what is left out anyway: with both reasons. */
export const asLeftOut = (group: FailureGroup): FailureGroup => ({
  ...group,
  sentence: leftOutSentence(group.sentence),
});

export const leftOutSentence = (sentence: string): string =>
  `You left this out after it had failed: ${sentence}`;

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

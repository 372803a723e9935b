import type { Database } from 'better-sqlite3';
import { pathOnDisk, shownWhole } from '../library/place.ts';
import { leftOutSentence, sentenceOf } from './failure-groups.ts';

export const TRACK_STATES = ['failed', 'skipped', 'waiting', 'missing', 'archived'] as const;
export type TrackState = (typeof TRACK_STATES)[number];

export interface ListedTrack {
  readonly id: number;
  /** Absolute, fit to be shown. */
  readonly path: string;
  /** The same as the file system has it. */
  readonly onDisk: Buffer;
  readonly byteSize: number;
  /** For failed and skipped, and for waiting where it was tried before. */
  readonly code?: string;
  readonly class?: string;
  readonly sentence?: string;
  readonly detail?: string;
  /** For archived. */
  readonly sha256?: string;
  readonly songId?: number;
  readonly archivedAt?: number;
}

interface Row {
  readonly id: number;
  readonly libraryPath: Uint8Array;
  readonly folderPath: Uint8Array;
  readonly name: Uint8Array;
  readonly byteSize: number;
  readonly code: string | null;
  readonly class: string | null;
  readonly message: string | null;
  readonly detail: string | null;
  readonly sha256: Uint8Array | null;
  readonly songId: number | null;
  readonly archivedAt: number | null;
}

interface HeldRow extends Row {
  readonly holdingId: number;
}

const PAGE = 500;
const COLUMNS = `track.id, library.path AS libraryPath, folder.path AS folderPath, track.name, track.byte_size AS byteSize`;
const PLACE_OF_TRACK =
  'JOIN folder ON folder.id = track.folder_id JOIN library ON library.id = track.library_id';
const HOLDING =
  'holding.failure_code AS code, holding.failure_class AS class, holding.failure_message AS message, NULL AS detail';

/**
 * Pages by key: each begins behind the last id of the one before, so every page costs the same and nothing is locked
 * between them.
 */
export const createTrackPages = (
  db: Database,
): ((
  state: TrackState,
  archiveId: number | undefined,
  libraryIds: readonly number[],
) => Generator<readonly ListedTrack[], void, undefined>) => {
  const byState = db.prepare<[string, number, number, number], Row>(
    `SELECT ${COLUMNS}, track.reason AS code, iif(track.state = 'failed', 'retry', NULL) AS class, NULL AS message,
       iif(track.reason = 'excluded', NULL, track.detail) AS detail,
       NULL AS sha256, NULL AS songId, NULL AS archivedAt
     FROM track ${PLACE_OF_TRACK} WHERE track.state = ? AND track.library_id = ? AND track.id > ? ORDER BY track.id LIMIT ?`,
  );
  const found = (which: string) =>
    db.prepare<[number, number, number, number], Row>(
      `SELECT ${COLUMNS}, ${HOLDING}, content.sha256, holding.song_id AS songId, holding.archived_at AS archivedAt
       FROM track ${PLACE_OF_TRACK} LEFT JOIN content ON content.id = track.content_id
         LEFT JOIN holding ON holding.archive_id = ? AND holding.content_id = track.content_id
       WHERE track.state = 'found' AND track.library_id = ? AND track.id > ? AND ${which} ORDER BY track.id LIMIT ?`,
    );
  const waiting = found(`(holding.state IS NULL OR holding.state = 'open')`);
  const archived = found(`holding.state = 'archived'`);
  // By the holdings, for only they have an index of the failed ones; a holding has few tracks.
  const given = (heldState: 'failed' | 'skipped') => ({
    rows: db.prepare<[number, string, number, number, string], HeldRow>(
      `WITH page AS (SELECT * FROM holding WHERE archive_id = ? AND state = '${heldState}' AND (failure_code, id) > (?, ?)
       ORDER BY failure_code, id LIMIT ?)
     SELECT holding.id AS holdingId, ${COLUMNS}, ${HOLDING}, NULL AS sha256, NULL AS songId, NULL AS archivedAt
     FROM page AS holding JOIN track ON track.content_id = holding.content_id AND track.state = 'found' ${PLACE_OF_TRACK}
     WHERE track.library_id IN (SELECT value FROM json_each(?)) ORDER BY holding.failure_code, holding.id, track.id`,
    ),
    lastOfPage: db.prepare<[number, string, number, number], { code: string; id: number }>(
      `SELECT failure_code AS code, id FROM (SELECT failure_code, id FROM holding WHERE archive_id = ? AND state = '${heldState}'
       AND (failure_code, id) > (?, ?) ORDER BY failure_code, id LIMIT ?) ORDER BY failure_code DESC, id DESC LIMIT 1`,
    ),
  });
  const held = { failed: given('failed'), skipped: given('skipped') };

  const pagesById = function* (load: (after: number) => readonly Row[]): Generator<readonly ListedTrack[]> {
    for (let page = load(0); page.length > 0; page = load(page.at(-1)?.id ?? Infinity))
      yield page.map(listed);
  };

  const givenUp = function* (
    state: 'failed' | 'skipped',
    archiveId: number,
    libraryIds: readonly number[],
  ): Generator<readonly ListedTrack[]> {
    let at = { code: '', id: 0 };
    for (;;) {
      const last = held[state].lastOfPage.get(archiveId, at.code, at.id, PAGE);
      if (last === undefined) return;
      yield held[state].rows
        .all(archiveId, at.code, at.id, PAGE, JSON.stringify(libraryIds))
        .map(state === 'failed' ? listed : leftOut);
      at = last;
    }
  };

  return function* (state, archiveId, libraryIds) {
    for (const libraryId of libraryIds)
      switch (state) {
        case 'failed':
        case 'skipped':
        case 'missing':
          yield* pagesById((after) => byState.all(state, libraryId, after, PAGE));
          break;
        case 'waiting':
        case 'archived': {
          const query = state === 'waiting' ? waiting : archived;
          // Without an archive nothing is archived, and everything waits.
          yield* pagesById((after) => query.all(archiveId ?? 0, libraryId, after, PAGE));
        }
      }
    if ((state === 'failed' || state === 'skipped') && archiveId !== undefined)
      yield* givenUp(state, archiveId, libraryIds);
  };
};

/** The archive's refusal, and that it is left alone. */
const leftOut = (row: Row): ListedTrack => {
  const track = listed(row);
  return { ...track, ...(track.sentence === undefined ? {} : { sentence: leftOutSentence(track.sentence) }) };
};

/** What was left out by a person has as its detail the code it had failed with. */
const ignoredRow = (row: Row): Row =>
  row.code === 'ignored' && row.detail !== null
    ? { ...row, code: row.detail, message: leftOutSentence(sentenceOf(row.detail, null)), detail: null }
    : row;

const listed = (given: Row): ListedTrack => {
  const row = ignoredRow(given);
  return {
    id: row.id,
    path: shownWhole(row),
    onDisk: pathOnDisk(row),
    byteSize: row.byteSize,
    ...(row.code === null ? {} : { code: row.code, sentence: sentenceOf(row.code, row.message) }),
    ...(row.class === null ? {} : { class: row.class }),
    ...(row.detail === null || row.detail === '' ? {} : { detail: row.detail }),
    ...(row.sha256 === null ? {} : { sha256: Buffer.from(row.sha256).toString('hex') }),
    ...(row.songId === null ? {} : { songId: row.songId }),
    ...(row.archivedAt === null ? {} : { archivedAt: row.archivedAt }),
  };
};

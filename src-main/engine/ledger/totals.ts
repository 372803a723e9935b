import type { Database } from 'better-sqlite3';
import type { Totals } from '../../../shared/run.ts';

export interface StandingTotals {
  readonly waiting: number;
  readonly archived: number;
  readonly failed: number;
  readonly skipped: number;
  readonly bytesFound: number;
  readonly bytesWaiting: number;
  readonly bytesArchived: number;
  readonly bytesFailed: number;
}

interface TallyRow {
  readonly outcome: 'waiting' | 'archived' | 'failed' | 'skipped';
  readonly tracks: number;
  readonly bytes: number;
}

/** How the tracks of these libraries stand with one archive; read from the tallies, never counted. */
export const createTotals = (
  db: Database,
): ((archiveId: number, libraryIds: readonly number[]) => StandingTotals) => {
  const rows = db.prepare<[number, string], TallyRow>(
    `SELECT outcome, sum(tracks) AS tracks, sum(bytes) AS bytes FROM tally
     WHERE archive_id = ? AND library_id IN (SELECT value FROM json_each(?)) GROUP BY outcome`,
  );
  return (archiveId, libraryIds) => standingOf(rows.all(archiveId, JSON.stringify(libraryIds)));
};

const standingOf = (rows: readonly TallyRow[]): StandingTotals => {
  const tracks = { waiting: 0, archived: 0, failed: 0, skipped: 0 };
  const bytes = { waiting: 0, archived: 0, failed: 0, skipped: 0 };
  for (const row of rows) {
    tracks[row.outcome] = row.tracks;
    bytes[row.outcome] = row.bytes;
  }
  return {
    ...tracks,
    bytesFound: bytes.waiting + bytes.archived + bytes.failed + bytes.skipped,
    bytesWaiting: bytes.waiting,
    bytesArchived: bytes.archived,
    bytesFailed: bytes.failed,
  };
};

/**
 * How many tracks of these libraries were there before and are not now. Through the index of what is not well, so it
 * costs as much as is missing.
 */
export const createMissing = (db: Database): ((libraryIds: readonly number[]) => number) => {
  const count = db.prepare<[string], { n: number }>(
    `SELECT count(*) AS n FROM track WHERE state = 'missing' AND library_id IN (SELECT value FROM json_each(?))`,
  );
  return (libraryIds) => count.get(JSON.stringify(libraryIds))?.n ?? 0;
};

export interface ShutFolders {
  readonly folders: number;
  /** Their own, which are no music. */
  readonly bytes: number;
}

export const NO_SHUT_FOLDERS: ShutFolders = { folders: 0, bytes: 0 };

/** The folders that could not be looked into; they stand among what failed. Costs as much as could not be read. */
export const createShutFolders = (db: Database): ((libraryIds: readonly number[]) => ShutFolders) => {
  const count = db.prepare<[string], ShutFolders>(
    `SELECT count(*) AS folders, coalesce(sum(byte_size), 0) AS bytes FROM track
     WHERE state = 'failed' AND reason = 'folder_unreadable' AND library_id IN (SELECT value FROM json_each(?))`,
  );
  return (libraryIds) => count.get(JSON.stringify(libraryIds)) ?? NO_SHUT_FOLDERS;
};

/** The same without the folders that could not be looked into: of files alone. */
export const withoutFolders = (totals: StandingTotals, { folders, bytes }: ShutFolders): StandingTotals => ({
  ...totals,
  failed: Math.max(0, totals.failed - folders),
  bytesFound: Math.max(0, totals.bytesFound - bytes),
  bytesFailed: Math.max(0, totals.bytesFailed - bytes),
});

/**
 * How those tracks of a library stand that are found in one of the other libraries too: the same bytes or, where they
 * were not read, the same place and size. Reads all tracks of the library.
 */
export const createTwins = (
  db: Database,
): ((archiveId: number, libraryId: number, others: readonly number[]) => StandingTotals) => {
  const rows = db.prepare<{ archive: number; library: number; others: string }, TallyRow>(
    `WITH other AS (SELECT value AS id FROM json_each(:others))
     SELECT CASE WHEN track.state <> 'found' THEN track.state WHEN holding.state IS NULL OR holding.state = 'open' THEN 'waiting'
         ELSE holding.state END AS outcome, count(*) AS tracks, sum(track.byte_size) AS bytes
     FROM track JOIN folder ON folder.id = track.folder_id
       LEFT JOIN holding ON holding.archive_id = :archive AND holding.content_id = track.content_id
     WHERE track.library_id = :library AND track.state <> 'missing' AND (
       EXISTS (SELECT 1 FROM track AS twin WHERE twin.content_id = track.content_id AND twin.state = 'found'
         AND twin.library_id IN (SELECT id FROM other))
       OR track.content_id IS NULL AND EXISTS (SELECT 1 FROM other
         JOIN folder AS place ON place.library_id = other.id AND place.path = folder.path
         JOIN track AS twin ON twin.folder_id = place.id AND twin.name = track.name
         WHERE twin.byte_size = track.byte_size AND twin.state <> 'missing'))
     GROUP BY outcome`,
  );
  return (archive, library, others) =>
    standingOf(rows.all({ archive, library, others: JSON.stringify(others) }));
};

export const NO_TRACKS: StandingTotals = {
  waiting: 0,
  archived: 0,
  failed: 0,
  skipped: 0,
  bytesFound: 0,
  bytesWaiting: 0,
  bytesArchived: 0,
  bytesFailed: 0,
};

export const sumOf = (one: StandingTotals, other: StandingTotals, sign: 1 | -1 = 1): StandingTotals => ({
  waiting: one.waiting + sign * other.waiting,
  archived: one.archived + sign * other.archived,
  failed: one.failed + sign * other.failed,
  skipped: one.skipped + sign * other.skipped,
  bytesFound: one.bytesFound + sign * other.bytesFound,
  bytesWaiting: one.bytesWaiting + sign * other.bytesWaiting,
  bytesArchived: one.bytesArchived + sign * other.bytesArchived,
  bytesFailed: one.bytesFailed + sign * other.bytesFailed,
});

export const foundIn = ({ archived, failed, skipped, waiting }: StandingTotals): number =>
  archived + failed + skipped + waiting;

/**
 * A run's totals: what it did itself, and how everything stands. A run credits one track for each content that it
 * sent, so what is archived beyond its credits was there already, or is there by another track.
 */
export const totalsOfRun = (
  standing: StandingTotals,
  run: { readonly archived: number; readonly moved: number },
): Totals => ({
  found: foundIn(standing),
  archived: run.archived,
  already_archived: standing.archived - run.archived - run.moved,
  moved: run.moved,
  failed: standing.failed,
  skipped: standing.skipped,
  waiting: standing.waiting,
});

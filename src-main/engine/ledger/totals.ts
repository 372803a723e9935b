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
  return (archiveId, libraryIds) => {
    const tracks = { waiting: 0, archived: 0, failed: 0, skipped: 0 };
    const bytes = { waiting: 0, archived: 0, failed: 0, skipped: 0 };
    for (const row of rows.all(archiveId, JSON.stringify(libraryIds))) {
      tracks[row.outcome] = row.tracks;
      bytes[row.outcome] = row.bytes;
    }
    return {
      ...tracks,
      bytesFound: bytes.waiting + bytes.archived + bytes.failed + bytes.skipped,
      bytesWaiting: bytes.waiting,
      bytesArchived: bytes.archived,
    };
  };
};

/**
 * A run's totals: what it did itself, and how everything stands. A run credits one track for each content that it
 * sent, so what is archived beyond its credits was there already, or is there by another track.
 */
export const totalsOfRun = (
  standing: StandingTotals,
  run: { readonly archived: number; readonly moved: number },
): Totals => ({
  found: standing.archived + standing.failed + standing.skipped + standing.waiting,
  archived: run.archived,
  already_archived: standing.archived - run.archived - run.moved,
  moved: run.moved,
  failed: standing.failed,
  skipped: standing.skipped,
  waiting: standing.waiting,
});

import type { Database } from 'better-sqlite3';
import type { Settings } from '../../../shared/settings.ts';
import { relativeTo, splitPath } from '../library/paths.ts';
import { createArchives, type ArchiveRow } from './archives.ts';
import { createFailureGroups, type FailureGroup, type GroupedState } from './failure-groups.ts';
import { createOpenPlaces, type OpenPlace } from './open-places.ts';
import { createTrackPages, type ListedTrack, type TrackState } from './track-pages.ts';
import {
  createMissing,
  createShutFolders,
  createTotals,
  createTwins,
  type ShutFolders,
  type StandingTotals,
} from './totals.ts';
import { createJobReader, type Jobs } from './jobs.ts';
import { createPaceReader, type PaceReader } from './pace.ts';
import type { RunRow } from './runs.ts';
import { readSettings } from './settings.ts';

export interface LibraryRow {
  readonly id: number;
  /** Absolute, as the bytes of the file system. */
  readonly path: Uint8Array;
  readonly added_at: number;
  /** When the last complete scan ended. */
  readonly scanned_at: number | null;
}

export interface LastRun extends RunRow {
  readonly archive_id: number | null;
}

/** What can be asked of a ledger without owning it. */
export interface LedgerReader {
  readonly archives: () => readonly ArchiveRow[];
  readonly libraries: () => readonly LibraryRow[];
  readonly totals: (archiveId: number, libraryIds: readonly number[]) => StandingTotals;
  /** Tracks that were there before and are not now. */
  readonly missing: (libraryIds: readonly number[]) => number;
  /** Folders that could not be looked into; the totals have them among what failed. */
  readonly shutFolders: (libraryIds: readonly number[]) => ShutFolders;
  /** The tracks of a library that are found in others too. */
  readonly twins: (archiveId: number, libraryId: number, others: readonly number[]) => StandingTotals;
  /** Whether a track, or a folder that led to one, of this name was ever seen directly in the library. */
  readonly hasAtTop: (libraryId: number, name: Uint8Array) => boolean;
  /** The track at this place, absolute; also one that is missing there. */
  readonly trackAt: (path: Uint8Array) => number | undefined;
  readonly lastRun: () => LastRun | undefined;
  /** Whether this archive ever took anything, or said that it has something. */
  readonly wasUsed: (archiveId: number) => boolean;
  /** The newest runs with this archive that sent something and came to their end. */
  readonly runsThatSent: (archiveId: number, limit: number) => readonly LastRun[];
  readonly failureGroups: (
    state: GroupedState,
    archiveId: number,
    libraryIds: readonly number[],
    examples: number,
  ) => readonly FailureGroup[];
  /** All tracks of a state, page by page; between two pages the ledger may go on changing. */
  readonly tracks: (
    state: TrackState,
    archiveId: number | undefined,
    libraryIds: readonly number[],
  ) => Generator<readonly ListedTrack[], void, undefined>;
  /** The same of those still to be archived, with where they lie. */
  readonly openPlaces: (
    archiveId: number,
    libraryIds: readonly number[],
  ) => Generator<readonly OpenPlace[], void, undefined>;
  readonly pace: PaceReader;
  /** The work that is under way for an archive, or was last. */
  readonly job: Jobs['get'];
  readonly settings: () => Settings;
  readonly close: () => void;
}

const SLASH = Buffer.from('/');
const ZERO = Buffer.from('0');

/** @param db opened by `openLedgerForReading` */
export const createLedgerReader = (db: Database): LedgerReader => {
  const archives = createArchives(db);
  const libraries = db.prepare<[], LibraryRow>(
    'SELECT id, path, added_at, scanned_at FROM library ORDER BY id',
  );
  const folderAtTop = db.prepare<[number, Uint8Array, Uint8Array, Uint8Array]>(
    'SELECT 1 FROM folder WHERE library_id = ? AND (path = ? OR path > ? AND path < ?) LIMIT 1',
  );
  const trackAtTop = db.prepare<[number, Uint8Array]>(
    `SELECT 1 FROM folder JOIN track ON track.folder_id = folder.id WHERE folder.library_id = ? AND folder.path = x'' AND track.name = ?`,
  );
  const track = db.prepare<[number, Uint8Array, Uint8Array], { id: number }>(
    `SELECT track.id FROM track JOIN folder ON folder.id = track.folder_id
     WHERE folder.library_id = ? AND folder.path = ? AND track.name = ?`,
  );
  const lastRun = db.prepare<[], LastRun>('SELECT * FROM run ORDER BY id DESC LIMIT 1');
  const used = db.prepare<[number, number], { used: number }>(
    `SELECT EXISTS (SELECT 1 FROM run WHERE archive_id = ? AND puts > 0)
       OR EXISTS (SELECT 1 FROM holding WHERE archive_id = ? AND state = 'archived') AS used`,
  );
  const runsThatSent = db.prepare<[number, number], LastRun>(
    'SELECT * FROM run WHERE archive_id = ? AND ended_at IS NOT NULL AND puts > 0 ORDER BY id DESC LIMIT ?',
  );
  const failureGroups = createFailureGroups(db);
  return {
    archives: archives.all,
    libraries: () => libraries.all(),
    totals: createTotals(db),
    missing: createMissing(db),
    shutFolders: createShutFolders(db),
    twins: createTwins(db),
    hasAtTop: (libraryId, name) =>
      trackAtTop.get(libraryId, name) !== undefined ||
      // '0' follows '/'.
      folderAtTop.get(libraryId, name, Buffer.concat([name, SLASH]), Buffer.concat([name, ZERO])) !==
        undefined,
    trackAt: (path) => {
      for (const library of libraries.all()) {
        const relative = relativeTo(library.path, path);
        if (relative === undefined) continue;
        const { folder, name } = splitPath(relative);
        return track.get(library.id, folder, name)?.id;
      }
      return undefined;
    },
    lastRun: () => lastRun.get(),
    wasUsed: (archiveId) => used.get(archiveId, archiveId)?.used === 1,
    runsThatSent: (archiveId, limit) => runsThatSent.all(archiveId, limit),
    failureGroups,
    tracks: createTrackPages(db),
    openPlaces: createOpenPlaces(db),
    pace: createPaceReader(db),
    job: createJobReader(db),
    settings: readSettings(db),
    close: () => void db.close(),
  };
};

import type { Database } from 'better-sqlite3';
import type { DiskStat } from '../library/differences.ts';
import { LONGEST_WAIT_MS } from './holdings.ts';
import { forLibraries } from './for-libraries.ts';

/** A track and where it lies: library, folder and name are bytes of the file system. */
export interface PlacedTrack extends DiskStat {
  readonly id: number;
  readonly libraryId: number;
  readonly libraryPath: Uint8Array;
  readonly folderPath: Uint8Array;
  readonly name: Uint8Array;
  readonly contentId: number | null;
  readonly attempts: number;
}

export interface Amount {
  readonly tracks: number;
  readonly bytes: number;
}

export interface ReadContent {
  readonly sha256: Uint8Array;
  readonly md5: Uint8Array;
  readonly byteSize: number;
  readonly tags: string;
}

/** undefined: the file was seen otherwise meanwhile, so this reading is of something that is no more. */
export type Linked =
  | {
      readonly contentId: number;
      readonly holdingId: number;
      readonly holding: 'open' | 'archived' | 'failed' | 'skipped';
      readonly moved: boolean;
    }
  | undefined;

export interface Tracks {
  /** Tracks to be read now, in the order of the work. */
  readonly unread: (libraryId: number, now: number, limit: number) => readonly PlacedTrack[];
  /** When a track that could not be read may be tried again; undefined when none waits. */
  readonly nextRead: (libraryId: number) => number | undefined;
  /** Where certain bytes can be read, the oldest place first. */
  readonly withContent: (
    contentId: number,
    libraryIds: readonly number[],
    limit: number,
  ) => readonly PlacedTrack[];
  /** How many tracks in these libraries have these bytes. */
  readonly amountWith: (contentId: number, libraryIds: readonly number[]) => Amount;
  /** Keeps what was read of a track and wants it in the archive. */
  readonly link: (track: PlacedTrack, content: ReadContent, archiveId: number, runId: number) => Linked;
  /*
   * What a reading or a look at the disk came to. It may come late: when a scan saw the file otherwise meanwhile, or a
   * person left it out, that stands. True: it was kept.
   */
  readonly skip: (track: PlacedTrack, reason: string, detail: string | null) => boolean;
  readonly failed: (track: PlacedTrack, reason: string, detail: string) => boolean;
  /** The disk shows this now; it is to be read, but not before `at`. */
  readonly changed: (track: PlacedTrack, stat: DiskStat, at: number) => boolean;
  readonly vanished: (track: PlacedTrack) => boolean;
  /** What could not be read, or not for this reason, is left out from now on. How many. */
  readonly ignoreFailed: (libraryId: number, reason?: string) => number;
  /** What was left out so, or for this reason, gets another chance. How many. */
  readonly takeBack: (libraryId: number, reason?: string) => number;
  /** This one gets another chance, where it could not be read or was left out for it. How many: one or none. */
  readonly retry: (id: number) => number;
  /** What could not be read, or not for this reason, gets another chance. How many. */
  readonly retryFailed: (libraryId: number, reason?: string) => number;
}

/** A library or a track, and why: null for whatever reason. */
interface Which {
  readonly of: number;
  readonly reason: string | null;
}

type Row = Omit<PlacedTrack, 'id' | 'libraryId' | 'byteSize' | 'contentId' | 'attempts'> & {
  readonly id: bigint;
  readonly libraryId: bigint;
  readonly byteSize: bigint;
  readonly contentId: bigint | null;
  readonly attempts: bigint;
};

const placed = (row: Row): PlacedTrack => ({
  ...row,
  id: Number(row.id),
  libraryId: Number(row.libraryId),
  byteSize: Number(row.byteSize),
  contentId: row.contentId === null ? null : Number(row.contentId),
  attempts: Number(row.attempts),
});

const COLUMNS = `track.id, track.library_id AS libraryId, library.path AS libraryPath, folder.path AS folderPath, track.name,
  track.byte_size AS byteSize, track.mtime_ns AS mtimeNs, track.ctime_ns AS ctimeNs, track.inode, track.content_id AS contentId, track.attempts`;
const PLACES =
  'track JOIN folder ON folder.id = track.folder_id JOIN library ON library.id = track.library_id';
const UNREAD = `track.library_id = ? AND track.state = 'found' AND (track.content_id IS NULL OR track.must_reread = 1)`;
/** Still what it was when it was taken up: neither seen otherwise, nor left out, nor gone. */
const AS_SEEN = `id = ? AND byte_size = ? AND mtime_ns = ? AND ctime_ns = ? AND inode = ? AND state = 'found'`;

export const createTracks = (db: Database): Tracks => {
  const unread = db.prepare<[number, number, number, number], Row>(
    `SELECT ${COLUMNS} FROM ${PLACES} WHERE ${UNREAD} AND (track.next_try_at <= ? OR track.next_try_at > ?) ORDER BY track.folder_id, track.name LIMIT ?`,
  );
  const nextRead = db.prepare<[number], { at: number | null }>(
    `SELECT min(track.next_try_at) AS at FROM track WHERE ${UNREAD}`,
  );
  const withContent = forLibraries((list) =>
    db
      .prepare<[number, number], Row>(
        `SELECT ${COLUMNS} FROM ${PLACES} WHERE track.content_id = ? AND track.state = 'found'
       AND track.library_id IN ${list} ORDER BY track.id LIMIT ?`,
      )
      .safeIntegers(true),
  );
  const amountWith = forLibraries((list) =>
    db.prepare<[number], Amount>(
      `SELECT count(*) AS tracks, coalesce(sum(byte_size), 0) AS bytes FROM track
       WHERE content_id = ? AND state = 'found' AND library_id IN ${list}`,
    ),
  );
  const contentOf = db.prepare<[Uint8Array], { id: number }>('SELECT id FROM content WHERE sha256 = ?');
  const insertContent = db.prepare<[Uint8Array, number, Uint8Array, string]>(
    'INSERT INTO content (sha256, byte_size, md5, tags) VALUES (?, ?, ?, ?)',
  );
  const setContent = db.prepare(
    `UPDATE track SET content_id = ?, must_reread = 0, attempts = 0, next_try_at = 0, reason = NULL, detail = NULL
     WHERE ${AS_SEEN}`,
  );
  const foundRun = db.prepare<[number], { found_run: number; credit: string | null }>(
    'SELECT found_run, credit FROM track WHERE id = ?',
  );
  const missingTwin = db.prepare<[number], { id: number }>(
    `SELECT id FROM track WHERE content_id = ? AND state = 'missing' LIMIT 1`,
  );
  const remove = db.prepare<[number]>('DELETE FROM track WHERE id = ?');
  const creditMoved = db.prepare<[number, number]>(
    `UPDATE track SET credit = 'moved', credit_run = ? WHERE id = ?`,
  );
  const wantHolding = db.prepare<[number, number]>(
    'INSERT OR IGNORE INTO holding (archive_id, content_id) VALUES (?, ?)',
  );
  const holdingOf = db.prepare<
    [number, number],
    { id: number; state: 'open' | 'archived' | 'failed' | 'skipped' }
  >('SELECT id, state FROM holding WHERE archive_id = ? AND content_id = ?');
  const giveUp = db.prepare(
    `UPDATE track SET state = ?, reason = ?, detail = ?, content_id = NULL, must_reread = 0, attempts = attempts + 1 WHERE ${AS_SEEN}`,
  );
  const changed = db.prepare(
    `UPDATE track SET byte_size = ?, mtime_ns = ?, ctime_ns = ?, inode = ?, content_id = NULL, must_reread = 0,
       attempts = attempts + 1, next_try_at = ? WHERE ${AS_SEEN}`,
  );
  const vanished = db.prepare(`UPDATE track SET state = 'missing' WHERE ${AS_SEEN}`);
  const again = (column: 'id' | 'library_id') => ({
    failed: db.prepare<Which>(
      `UPDATE track SET state = 'found', reason = NULL, detail = NULL, attempts = 0, next_try_at = 0
     WHERE ${column} = :of AND state = 'failed' AND reason <> 'folder_unreadable' AND (:reason IS NULL OR reason = :reason)`,
    ),
    // What a folder that cannot be looked into holds is not known: the next scan finds that entry, or what is in it.
    ignored: db.prepare<Which>(
      `UPDATE track SET state = iif(detail = 'folder_unreadable', 'failed', 'found'),
       reason = iif(detail = 'folder_unreadable', detail, NULL), detail = NULL, attempts = 0, next_try_at = 0
     WHERE ${column} = :of AND state = 'skipped' AND reason = 'ignored' AND (:reason IS NULL OR detail = :reason)`,
    ),
    // It is to be tried again when it is not excluded any more.
    excluded: db.prepare<Which>(
      `UPDATE track SET detail = NULL
       WHERE ${column} = :of AND state = 'skipped' AND reason = 'excluded' AND (:reason IS NULL OR detail = :reason)`,
    ),
  });
  const inLibrary = again('library_id');
  const single = again('id');
  const ignoreFailed = db.prepare<{ library: number; reason: string | null }>(
    `UPDATE track SET state = 'skipped', detail = reason, reason = 'ignored'
     WHERE library_id = :library AND state = 'failed' AND (:reason IS NULL OR reason = :reason)`,
  );
  unread.safeIntegers(true);

  const asSeen = (track: PlacedTrack): readonly [number, number, bigint, bigint, bigint] => [
    track.id,
    track.byteSize,
    track.mtimeNs,
    track.ctimeNs,
    track.inode,
  ];

  const contentId = (content: ReadContent): number =>
    contentOf.get(content.sha256)?.id ??
    Number(insertContent.run(content.sha256, content.byteSize, content.md5, content.tags).lastInsertRowid);

  /** A new place for bytes whose old place is gone is a move: the old track gives way to the new one. */
  const recogniseMove = (trackId: number, id: number, runId: number): boolean => {
    const track = foundRun.get(trackId);
    const twin = missingTwin.get(id);
    if (track?.found_run !== runId || track.credit !== null || twin === undefined) return false;
    remove.run(twin.id);
    creditMoved.run(runId, trackId);
    return true;
  };

  const link: Tracks['link'] = (track, content, archiveId, runId) => {
    const id = contentId(content);
    if (setContent.run(id, ...asSeen(track)).changes === 0) return undefined;
    wantHolding.run(archiveId, id);
    const holding = holdingOf.get(archiveId, id);
    if (holding === undefined) throw new Error('the ledger has no holding that it was just given');
    const moved = holding.state === 'archived' && recogniseMove(track.id, id, runId);
    return { contentId: id, holdingId: holding.id, holding: holding.state, moved };
  };

  return {
    unread: (libraryId, now, limit) => unread.all(libraryId, now, now + LONGEST_WAIT_MS, limit).map(placed),
    nextRead: (libraryId) => nextRead.get(libraryId)?.at ?? undefined,
    withContent: (id, libraryIds, limit) => withContent(libraryIds).all(id, limit).map(placed),
    amountWith: (id, libraryIds) => amountWith(libraryIds).get(id) ?? { tracks: 0, bytes: 0 },
    link,
    skip: (track, reason, detail) => giveUp.run('skipped', reason, detail, ...asSeen(track)).changes > 0,
    failed: (track, reason, detail) => giveUp.run('failed', reason, detail, ...asSeen(track)).changes > 0,
    changed: (track, stat, at) =>
      changed.run(stat.byteSize, stat.mtimeNs, stat.ctimeNs, stat.inode, at, ...asSeen(track)).changes > 0,
    vanished: (track) => vanished.run(...asSeen(track)).changes > 0,
    ignoreFailed: (library, reason) => ignoreFailed.run({ library, reason: reason ?? null }).changes,
    takeBack: (library, reason) => {
      const which = { of: library, reason: reason ?? null };
      inLibrary.excluded.run(which);
      return inLibrary.ignored.run(which).changes;
    },
    retry: (of) => {
      const which = { of, reason: null };
      single.excluded.run(which);
      return single.failed.run(which).changes + single.ignored.run(which).changes;
    },
    retryFailed: (library, reason) => inLibrary.failed.run({ of: library, reason: reason ?? null }).changes,
  };
};

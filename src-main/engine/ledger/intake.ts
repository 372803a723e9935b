import type { Database } from 'better-sqlite3';
import type { Difference, DiskStat, Trouble } from '../library/differences.ts';

/** Keeps what a scan found to be otherwise than the ledger has it. Call it inside a commit. */
export type Intake = (libraryId: number, differences: readonly Difference[], context: IntakeContext) => void;

export interface IntakeContext {
  readonly runId: number;
  readonly archiveId: number;
  /** The run goes on until somebody ends it: what would not rest is tried again when it changes. */
  readonly isPatient?: boolean;
  /** When a new or changed file may be read, ms since 1970; at once unless told. */
  readonly readableAt?: (stat: DiskStat) => number;
}

export const createIntake = (db: Database): Intake => {
  const findFolder = db.prepare<[number, Uint8Array], { id: number }>(
    'SELECT id FROM folder WHERE library_id = ? AND path = ?',
  );
  const insertFolder = db.prepare<[number, Uint8Array]>(
    'INSERT INTO folder (library_id, path) VALUES (?, ?)',
  );
  const insert = db.prepare(
    `INSERT INTO track (library_id, folder_id, name, byte_size, mtime_ns, ctime_ns, inode, state, reason, detail, next_try_at, found_run)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (folder_id, name) DO UPDATE SET byte_size = excluded.byte_size, mtime_ns = excluded.mtime_ns,
       ctime_ns = excluded.ctime_ns, inode = excluded.inode, state = excluded.state, reason = excluded.reason, detail = excluded.detail,
       content_id = NULL, must_reread = 0, attempts = 0, next_try_at = excluded.next_try_at`,
  );
  // A person may have left it out since the scan looked, and it is the file that it was.
  const changed = db.prepare<Standing & DiskStat & { readonly id: number; readonly at: number }>(
    `UPDATE track SET byte_size = :byteSize, mtime_ns = :mtimeNs, ctime_ns = :ctimeNs, inode = :inode, state = :state,
       reason = :reason, detail = :detail, content_id = NULL, must_reread = 0, attempts = 0, next_try_at = :at
     WHERE id = :id AND NOT (reason IS 'ignored' AND byte_size = :byteSize AND mtime_ns = :mtimeNs AND ctime_ns = :ctimeNs
       AND inode = :inode)`,
  );
  const changedAgain = db.prepare(
    `UPDATE track SET byte_size = ?, mtime_ns = ?, ctime_ns = ?, inode = ? WHERE id = ? AND state = 'failed' AND reason = 'changing'`,
  );
  const touched = db.prepare(
    `UPDATE track SET byte_size = ?, mtime_ns = ?, ctime_ns = ?, inode = ?, must_reread = (content_id IS NOT NULL)
     WHERE id = ? AND state = 'found'`,
  );
  // What was ignored before it was excluded still is: the code it had failed with stands in its detail all the time.
  const wasIgnored = `state = 'skipped' AND reason = 'excluded' AND detail IS NOT NULL`;
  const back = db.prepare<[number]>(
    `UPDATE track SET state = iif(${wasIgnored}, 'skipped', 'found'), reason = iif(${wasIgnored}, 'ignored', NULL),
       detail = iif(${wasIgnored}, detail, NULL) WHERE id = ?`,
  );
  const wantHolding = db.prepare<[number, number]>(
    'INSERT OR IGNORE INTO holding (archive_id, content_id) SELECT ?, content_id FROM track WHERE id = ? AND content_id IS NOT NULL',
  );
  const contentOf = db.prepare<[number], { content_id: number | null }>(
    'SELECT content_id FROM track WHERE id = ?',
  );
  const gone = db.prepare<[number]>(
    `UPDATE track SET state = 'missing', reason = NULL, detail = NULL WHERE id = ?`,
  );
  const excluded = db.prepare<[number]>(
    `UPDATE track SET state = 'skipped', reason = 'excluded', detail = iif(reason = 'ignored', detail, NULL) WHERE id = ?`,
  );
  const forgetUnread = db.prepare<[number]>('DELETE FROM track WHERE id = ? AND content_id IS NULL');
  const newPlace = db.prepare<[number, number, number], { id: number }>(
    `SELECT id FROM track WHERE content_id = ? AND state = 'found' AND found_run = ? AND credit IS NULL
       AND EXISTS (SELECT 1 FROM holding WHERE archive_id = ? AND holding.content_id = track.content_id AND holding.state = 'archived') LIMIT 1`,
  );
  const remove = db.prepare<[number]>('DELETE FROM track WHERE id = ?');
  const creditMoved = db.prepare<[number, number]>(
    `UPDATE track SET credit = 'moved', credit_run = ? WHERE id = ?`,
  );

  const folderId = (libraryId: number, path: Uint8Array): number =>
    findFolder.get(libraryId, path)?.id ?? Number(insertFolder.run(libraryId, path).lastInsertRowid);

  const statOf = (stat: DiskStat): readonly [number, bigint, bigint, bigint] => [
    stat.byteSize,
    stat.mtimeNs,
    stat.ctimeNs,
    stat.inode,
  ];

  /** The other half of recognising a move: the new place was read before the old one was found to be gone. */
  const recogniseMove = (trackId: number, { runId, archiveId }: IntakeContext): boolean => {
    const contentId = contentOf.get(trackId)?.content_id;
    if (contentId === null || contentId === undefined) return false;
    const place = newPlace.get(contentId, runId, archiveId);
    if (place === undefined) return false;
    remove.run(trackId);
    creditMoved.run(runId, place.id);
    return true;
  };

  const takeIn = (libraryId: number, difference: Difference, context: IntakeContext): void => {
    switch (difference.kind) {
      case 'new': {
        const folder = folderId(libraryId, difference.folder);
        const { state, reason, detail } = standing(difference);
        insert.run(
          libraryId,
          folder,
          difference.name,
          ...statOf(difference.stat),
          state,
          reason,
          detail,
          readableAt(difference.stat, context),
          context.runId,
        );
        return;
      }
      case 'changed': {
        // Given up as restless, and restless still: that it changed again is no news.
        if (
          !context.isPatient &&
          changedAgain.run(...statOf(difference.stat), difference.trackId).changes > 0
        )
          return;
        const { trackId: id, stat } = difference;
        changed.run({ ...standing(difference), ...stat, id, at: readableAt(stat, context) });
        return;
      }
      case 'touched':
        touched.run(...statOf(difference.stat), difference.trackId);
        return;
      case 'back':
        if (difference.unchanged) {
          back.run(difference.trackId);
          wantHolding.run(context.archiveId, difference.trackId);
          return;
        }
        return takeIn(libraryId, { ...difference, kind: 'changed' }, context);
      case 'excluded':
        excluded.run(difference.trackId);
        return;
      case 'gone':
        // What was never read leaves nothing to remember.
        if (forgetUnread.run(difference.trackId).changes > 0) return;
        if (!recogniseMove(difference.trackId, context)) gone.run(difference.trackId);
        return;
    }
  };

  return (libraryId, differences, context) => {
    for (const difference of differences) takeIn(libraryId, difference, context);
  };
};

const readableAt = (stat: DiskStat, context: IntakeContext): number => context.readableAt?.(stat) ?? 0;

interface Standing {
  readonly state: string;
  readonly reason: string | null;
  readonly detail: string | null;
}

const standing = ({ trouble }: { readonly trouble?: Trouble }): Standing => ({
  state: trouble?.state ?? 'found',
  reason: trouble?.reason ?? null,
  detail: trouble?.detail ?? null,
});

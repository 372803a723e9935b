import Database from 'better-sqlite3';
import type { KnownTrack } from './compare.ts';

/** What the ledger knows of one library, read beside its owner. */
export interface Known {
  /** Folders of the ledger by path, one character for each byte, as they were when the scan began. */
  readonly folders: ReadonlyMap<string, number>;
  readonly tracksIn: (folderId: number) => readonly KnownTrack[];
  readonly track: (folderId: number, name: Uint8Array) => KnownTrack | undefined;
  /** Whether the track is at this place still and not missing already. */
  readonly isStillAt: (trackId: number, folderId: number, name: Uint8Array) => boolean;
  readonly hasTracks: () => boolean;
  readonly close: () => void;
}

const COLUMNS = 'id, name, byte_size, mtime_ns, ctime_ns, inode, state, reason';

/** Opens the ledger read-only; whole numbers come as bigint, for times in nanoseconds need 64 bits. */
export const openKnown = (ledgerPath: string, libraryId: number): Known => {
  const db = new Database(ledgerPath, { readonly: true, fileMustExist: true, timeout: 5000 });
  const inFolder = db
    .prepare<[number], KnownTrack>(`SELECT ${COLUMNS} FROM track WHERE folder_id = ?`)
    .safeIntegers(true)
    .raw(true);
  const named = db
    .prepare<[number, Uint8Array], KnownTrack>(
      `SELECT ${COLUMNS} FROM track WHERE folder_id = ? AND name = ?`,
    )
    .safeIntegers(true)
    .raw(true);
  const still = db.prepare<[number, number, Uint8Array], { id: number }>(
    `SELECT id FROM track WHERE id = ? AND folder_id = ? AND name = ? AND state <> 'missing'`,
  );
  const any = db.prepare<[number], { id: number }>(
    `SELECT id FROM track WHERE library_id = ? AND state <> 'missing' LIMIT 1`,
  );
  const folders = db
    .prepare<[number], { id: number; path: Buffer }>('SELECT id, path FROM folder WHERE library_id = ?')
    .all(libraryId);
  return {
    folders: new Map(folders.map(({ id, path }) => [path.toString('latin1'), id])),
    tracksIn: (folderId) => inFolder.all(folderId),
    track: (folderId, name) => named.get(folderId, name),
    isStillAt: (trackId, folderId, name) => still.get(trackId, folderId, name) !== undefined,
    hasTracks: () => any.get(libraryId) !== undefined,
    close: () => db.close(),
  };
};

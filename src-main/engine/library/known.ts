import Database from 'better-sqlite3';
import type { KnownTrack } from './compare.ts';

/** What the ledger knows of one library, read beside its owner. */
export interface Known {
  /** Folders of the ledger by path, one character for each byte, as they were when the scan began. */
  readonly folders: ReadonlyMap<string, number>;
  /** By name, one character for each byte. */
  readonly tracksIn: (folderId: number) => Map<string, KnownTrack>;
  readonly track: (folderId: number, name: Uint8Array) => KnownTrack | undefined;
  /** Whether the track is at this place still and not missing already. */
  readonly isStillAt: (trackId: number, folderId: number, name: Uint8Array) => boolean;
  readonly hasTracks: () => boolean;
  readonly close: () => void;
}

const COLUMNS = 'id, CAST(name AS TEXT), byte_size, mtime_ns, ctime_ns, inode, state, reason';

// eslint-disable-next-line no-control-regex -- a name may hold any of them
const ASCII = /^[\x00-\x7f]*$/;

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
  const nameOf = db.prepare<[bigint], { name: Buffer }>('SELECT name FROM track WHERE id = ?');
  const any = db.prepare<[number], { id: number }>(
    `SELECT id FROM track WHERE library_id = ? AND state <> 'missing' LIMIT 1`,
  );
  const folders = db
    .prepare<[number], { id: number; path: Buffer }>('SELECT id, path FROM folder WHERE library_id = ?')
    .all(libraryId);

  /**
   * Names are read as text, for a Buffer for each of 65,000 takes longer than all the rest. Where the bytes are none,
   * or might be none, they are read as they are.
   */
  const keyOf = ([id, name]: KnownTrack): string => {
    if (ASCII.test(name)) return name;
    if (!name.includes('\ufffd')) return Buffer.from(name, 'utf8').toString('latin1');
    return nameOf.get(id)?.name.toString('latin1') ?? '';
  };

  return {
    folders: new Map(folders.map(({ id, path }) => [path.toString('latin1'), id])),
    tracksIn: (folderId) => {
      const tracks = new Map<string, KnownTrack>();
      for (const track of inFolder.all(folderId)) tracks.set(keyOf(track), track);
      return tracks;
    },
    track: (folderId, name) => named.get(folderId, name),
    isStillAt: (trackId, folderId, name) => still.get(trackId, folderId, name) !== undefined,
    hasTracks: () => any.get(libraryId) !== undefined,
    close: () => db.close(),
  };
};

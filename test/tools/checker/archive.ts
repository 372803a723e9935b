import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { hashFiles } from './hash-files.ts';
import { complaintsOf } from './ledger.ts';

export interface ArchivedSong {
  readonly id: number;
  readonly ownerId: number;
  readonly blobId: number;
  /** Hex, as the song's row has it. */
  readonly sha256: string;
}

export interface ArchivedBlob {
  readonly id: number;
  readonly ownerId: number;
  readonly key: string;
  readonly byteSize: number;
  readonly sha256: string | null;
  readonly state: string;
}

export interface ArchiveView {
  readonly archiveId: string;
  readonly songs: readonly ArchivedSong[];
  readonly blobs: readonly ArchivedBlob[];
  /** SHA-256 of what lies in the storage now, by key. */
  readonly objects: ReadonlyMap<string, string>;
  /** Beside the objects: what an upload has begun. */
  readonly temporary: readonly string[];
  /** SHA-256 of every token that is or was valid, hex. */
  readonly tokenHashes: ReadonlySet<string>;
  readonly complaints: readonly string[];
}

/** Reads an archive's data folder: its database, and every stored byte. */
export const readArchive = async (folder: string): Promise<ArchiveView> => {
  const objects = readObjects(join(folder, 'objects'));
  const db = new Database(join(folder, 'archive.db'), { readonly: true, fileMustExist: true });
  try {
    return {
      ...db.transaction(() => rowsOf(db))(),
      objects: await objects,
      temporary: existsSync(join(folder, 'tmp')) ? readdirSync(join(folder, 'tmp')) : [],
    };
  } finally {
    db.close();
  }
};

const rowsOf = (db: Database.Database): Omit<ArchiveView, 'objects' | 'temporary'> => {
  const archive = db.prepare<[], { archive_id: string }>('SELECT archive_id FROM archive').get();
  if (archive === undefined) throw new Error('The archive has no id: it was never started.');
  return {
    archiveId: archive.archive_id,
    songs: db
      .prepare<[], ArchivedSong>(
        'SELECT id, owner_id AS ownerId, blob_id AS blobId, sha256 FROM song ORDER BY id',
      )
      .all(),
    blobs: db
      .prepare<[], ArchivedBlob>(
        'SELECT id, owner_id AS ownerId, key, byte_size AS byteSize, sha256, state FROM blob ORDER BY id',
      )
      .all(),
    tokenHashes: new Set(
      db
        .prepare<[], { access: string; refresh: string }>(
          'SELECT access_hash AS access, refresh_hash AS refresh FROM session',
        )
        .all()
        .flatMap(({ access, refresh }) => [access, refresh]),
    ),
    complaints: complaintsOf(db),
  };
};

/** Whatever lies there counts, also what has no name of a key and in no matter which folder. */
const readObjects = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter(
    (entry) => !entry.isDirectory(),
  );
  const hashes = await hashFiles(files.map((entry) => join(entry.parentPath, entry.name)));
  return new Map(files.map(({ name }, i) => [name, hashes[i] ?? '']));
};

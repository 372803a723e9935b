import Database from 'better-sqlite3';

/** A track as the ledger has it, with what it says of its content and of the archive that is checked. */
export interface LedgerTrack {
  /** Relative to the library, `/` between the parts. */
  readonly path: Buffer;
  readonly byteSize: number;
  readonly state: 'found' | 'skipped' | 'failed' | 'missing';
  readonly reason: string | null;
  /** Hex; null where the file was not read yet. */
  readonly sha256: string | null;
  readonly holding: LedgerHolding | null;
}

export interface LedgerHolding {
  readonly id: number;
  readonly state: 'open' | 'archived' | 'failed';
  readonly songId: number | null;
  readonly failureCode: string | null;
}

export interface Tally {
  readonly outcome: string;
  readonly tracks: number;
  readonly bytes: number;
}

export interface LedgerView {
  /** The account at the archive that the ledger's rows are about. */
  readonly ownerId: number;
  readonly tracks: readonly LedgerTrack[];
  /** What the ledger itself keeps as its counts for this library. */
  readonly tallies: readonly Tally[];
  /** Every content that it says is archived there, of any library. */
  readonly archivedContents: ReadonlySet<string>;
  /** When the answer to the last PUT of a content was written down, ms since 1970, by SHA-256. */
  readonly storedAt: ReadonlyMap<string, number>;
  /** PUTs written down, over all runs. */
  readonly committedPuts: number;
  /** What SQLite finds wrong with the file. */
  readonly complaints: readonly string[];
}

interface TrackRow {
  readonly folder: Buffer;
  readonly name: Buffer;
  readonly byteSize: number;
  readonly state: LedgerTrack['state'];
  readonly reason: string | null;
  readonly sha256: string | null;
  readonly holdingId: number | null;
  readonly holdingState: LedgerHolding['state'] | null;
  readonly songId: number | null;
  readonly failureCode: string | null;
}

/** The ledger does not know this library or this archive. */
export class NotInLedgerError extends Error {
  override readonly name = 'NotInLedgerError';
}

/** Reads what the client remembers about one library and one archive. Opens the file read-only. */
export const readLedger = (file: string, library: Buffer, archiveId: string): LedgerView => {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    return db.transaction(() => viewOf(db, library, archiveId))();
  } finally {
    db.close();
  }
};

const viewOf = (db: Database.Database, library: Buffer, archiveId: string): LedgerView => {
  const libraryRow = db
    .prepare<[Buffer], { id: number }>('SELECT id FROM library WHERE path = ?')
    .get(library);
  if (libraryRow === undefined) throw new NotInLedgerError(`The ledger has no library ${String(library)}.`);
  const identity = `ledgerline:${archiveId}:`;
  const archives = db
    .prepare<[], { id: number; identity: string }>('SELECT id, identity FROM archive')
    .all()
    .filter((row) => row.identity.startsWith(identity));
  const [archive] = archives;
  if (archive === undefined || archives.length > 1)
    throw new NotInLedgerError(`The ledger knows ${archives.length} accounts at the archive ${archiveId}.`);

  return {
    ownerId: Number(archive.identity.slice(identity.length)),
    tracks: tracksOf(db, libraryRow.id, archive.id),
    tallies: db
      .prepare<[number, number], Tally>(
        'SELECT outcome, tracks, bytes FROM tally WHERE archive_id = ? AND library_id = ?',
      )
      .all(archive.id, libraryRow.id),
    archivedContents: new Set(
      db
        .prepare<[number], { sha256: string }>(
          `SELECT lower(hex(content.sha256)) AS sha256 FROM holding JOIN content ON content.id = content_id
           WHERE archive_id = ? AND state = 'archived'`,
        )
        .all(archive.id)
        .map((row) => row.sha256),
    ),
    storedAt: new Map(
      db
        .prepare<[number], { sha256: string; at: number }>(
          `SELECT lower(hex(content.sha256)) AS sha256, stored_at AS at FROM holding JOIN content ON content.id = content_id
           WHERE archive_id = ? AND stored_at IS NOT NULL`,
        )
        .all(archive.id)
        .map(({ sha256, at }) => [sha256, at]),
    ),
    committedPuts:
      db
        .prepare<[number], { puts: number | null }>('SELECT sum(puts) AS puts FROM run WHERE archive_id = ?')
        .get(archive.id)?.puts ?? 0,
    complaints: complaintsOf(db),
  };
};

const tracksOf = (db: Database.Database, libraryId: number, archiveId: number): readonly LedgerTrack[] =>
  db
    .prepare<[number, number], TrackRow>(
      `SELECT folder.path AS folder, track.name, track.byte_size AS byteSize, track.state, track.reason,
         lower(hex(content.sha256)) AS sha256, holding.id AS holdingId, holding.state AS holdingState,
         holding.song_id AS songId, holding.failure_code AS failureCode
       FROM track JOIN folder ON folder.id = track.folder_id
       LEFT JOIN content ON content.id = track.content_id
       LEFT JOIN holding ON holding.content_id = content.id AND holding.archive_id = ?
       WHERE track.library_id = ?`,
    )
    .all(archiveId, libraryId)
    .map(({ folder, name, holdingId, holdingState, songId, failureCode, sha256, ...track }) => ({
      ...track,
      path: folder.length === 0 ? name : Buffer.concat([folder, Buffer.from('/'), name]),
      sha256: sha256 === '' ? null : sha256,
      holding:
        holdingId === null || holdingState === null
          ? null
          : { id: holdingId, state: holdingState, songId, failureCode },
    }));

/** Both checks tell by rows, and by no error. */
export const complaintsOf = (db: Database.Database): readonly string[] => {
  const damage = db.pragma('integrity_check') as readonly { readonly integrity_check: string }[];
  const orphans = db.pragma('foreign_key_check') as readonly { readonly table: string }[];
  return [
    ...damage.map((row) => row.integrity_check).filter((text) => text !== 'ok'),
    ...orphans.map(({ table }) => `a row of ${table} points to nothing`),
  ];
};

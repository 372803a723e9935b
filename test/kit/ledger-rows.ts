import Database from 'better-sqlite3';
import { join } from 'node:path';

export interface TrackRow {
  /** Relative to its library. */
  readonly path: string;
  readonly library: string;
  readonly state: string;
  readonly reason: string | null;
  readonly sha256: string | null;
  /** How each archive stands to its content, in the order in which they were added. */
  readonly holdings: readonly string[];
}

const withLedger = <T>(dataFolder: string, read: (db: Database.Database) => T): T => {
  const db = new Database(join(dataFolder, 'ledger.db'), { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
};

/** Every track of the ledger, read beside its owner. */
export const ledgerTracks = (dataFolder: string): readonly TrackRow[] =>
  withLedger(dataFolder, (db) =>
    db
      .prepare<
        [],
        {
          library: Buffer;
          folder: Buffer;
          name: Buffer;
          state: string;
          reason: string | null;
          sha256: Buffer | null;
          holdings: string;
        }
      >(
        `SELECT library.path AS library, folder.path AS folder, name, track.state, reason, sha256,
           (SELECT json_group_array(state) FROM (SELECT state FROM holding WHERE content_id = track.content_id ORDER BY archive_id)) AS holdings
         FROM track JOIN folder ON folder.id = folder_id JOIN library ON library.id = track.library_id
         LEFT JOIN content ON content.id = content_id ORDER BY library.path, folder.path, name`,
      )
      .all()
      .map(({ library, folder, name, state, reason, sha256, holdings }) => ({
        path: [folder.toString(), name.toString()].filter((part) => part !== '').join('/'),
        library: library.toString(),
        state,
        reason,
        sha256: sha256?.toString('hex') ?? null,
        holdings: JSON.parse(holdings) as string[],
      })),
  );

export interface HoldingRow {
  readonly sha256: string;
  readonly state: string;
  readonly signed_id: string | null;
  readonly song_id: number | null;
  readonly failure_class: string | null;
  readonly failure_code: string | null;
  readonly attempts: number;
}

export const ledgerHoldings = (dataFolder: string): readonly HoldingRow[] =>
  withLedger(dataFolder, (db) =>
    db
      .prepare<[], HoldingRow>(
        `SELECT lower(hex(sha256)) AS sha256, state, signed_id, song_id, failure_class, failure_code, attempts
         FROM holding JOIN content ON content.id = content_id ORDER BY holding.id`,
      )
      .all(),
  );

/** How many rows each table has: what a run that has nothing to do must leave as it is. */
export const ledgerCounts = (dataFolder: string): Readonly<Record<string, number>> =>
  withLedger(dataFolder, (db) =>
    Object.fromEntries(
      ['library', 'folder', 'content', 'track', 'archive', 'holding'].map((table) => [
        table,
        db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0,
      ]),
    ),
  );

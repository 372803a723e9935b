import { mkdirSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { ledgerPath } from '../../../src-main/engine/ledger/ledger.ts';
import { openLedgerFile } from '../../../src-main/engine/ledger/open.ts';
import { splitPath } from '../../../src-main/engine/library/paths.ts';
import type { Tags } from '../../../src-main/engine/audio/tags.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';
import { testFolder } from '../../kit/test-folder.ts';

export interface WrittenTrack {
  /** Relative to its library. */
  readonly path: string | Buffer;
  /** The library; /music where none is named. */
  readonly library?: string | Buffer;
  /** Not read yet where there are none. */
  readonly tags?: Partial<Tags>;
  readonly state?: 'found' | 'skipped' | 'failed' | 'missing';
  readonly reason?: string;
  readonly bytes?: number;
  /** Tracks with one of these have the same bytes. */
  readonly content?: string;
  readonly holding?: Partial<Readonly<Record<string, string | number | null>>>;
}

export const ARCHIVE = { kind: 'here', identity: 'ledgerline:one:1', folder: null } as const;
export const OTHER_ARCHIVE = { kind: 'here', identity: 'ledgerline:other:1', folder: null } as const;

/** A ledger of the real schema with what a scan and runs would have left in it. */
export interface WrittenLedger {
  readonly dataFolder: string;
  readonly db: Database.Database;
  /** Returns the track's id. */
  readonly add: (track: WrittenTrack) => number;
  readonly choose: (archive: typeof ARCHIVE | typeof OTHER_ARCHIVE | null) => void;
}

/** @param closeWith is told how the ledger is closed */
export const writeLedger = (
  tracks: readonly WrittenTrack[] = [],
  closeWith: (close: () => void) => void,
): WrittenLedger => {
  const dataFolder = testFolder('data');
  mkdirSync(dataFolder, { recursive: true });
  const { db } = openLedgerFile(ledgerPath(dataFolder), nodeLaunch.sqlFolder('ledger'), new Date());
  closeWith(() => void db.close());
  db.exec(`INSERT INTO archive (id, identity, url, added_at) VALUES (1, '${ARCHIVE.identity}', 'here', 1), (2, '${OTHER_ARCHIVE.identity}', 'there', 1);
    INSERT INTO run (id, archive_id, started_at) VALUES (1, 1, 1000)`);
  const choose: WrittenLedger['choose'] = (archive) =>
    void db
      .prepare(`INSERT OR REPLACE INTO setting (name, value) VALUES ('archive', ?)`)
      .run(JSON.stringify(archive));
  choose(ARCHIVE);
  const id = (sql: string, ...values: readonly unknown[]): number =>
    (db.prepare(sql).get(...values) as { id: number }).id;
  let contents = 0;

  const add = (track: WrittenTrack): number => {
    const { folder, name } = splitPath(Buffer.from(track.path as string));
    const library = id(
      'INSERT INTO library (path, added_at) VALUES (?, 1) ON CONFLICT DO UPDATE SET added_at = 1 RETURNING id',
      Buffer.from((track.library ?? '/music') as string),
    );
    const folderId = id(
      'INSERT INTO folder (library_id, path) VALUES (?, ?) ON CONFLICT DO UPDATE SET path = excluded.path RETURNING id',
      library,
      folder,
    );
    const bytes = track.bytes ?? 100;
    const contentId =
      track.tags === undefined
        ? null
        : id(
            `INSERT INTO content (sha256, byte_size, md5, tags) VALUES (?, ?, zeroblob(16), ?)
             ON CONFLICT DO UPDATE SET tags = excluded.tags RETURNING id`,
            Buffer.from((track.content ?? `content ${(contents += 1)}`).padEnd(32).slice(0, 32)),
            bytes,
            JSON.stringify({ title: 'A title', ...track.tags }),
          );
    if (contentId !== null && track.holding !== undefined) {
      const holding = { archive_id: 1, content_id: contentId, ...track.holding };
      const names = Object.keys(holding);
      db.prepare(
        `INSERT OR REPLACE INTO holding (${names.join(', ')}) VALUES (${names.map((column) => `:${column}`).join(', ')})`,
      ).run(holding);
    }
    return id(
      `INSERT INTO track (library_id, folder_id, name, byte_size, mtime_ns, ctime_ns, inode, state, reason, content_id, found_run)
       VALUES (?, ?, ?, ?, 1600000000123456789, 1, 1, ?, ?, ?, 1) RETURNING id`,
      library,
      folderId,
      name,
      bytes,
      track.state ?? 'found',
      track.reason ?? null,
      contentId,
    );
  };
  db.transaction(() => tracks.forEach(add))();
  return { dataFolder, db, add, choose };
};

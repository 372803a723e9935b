import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { toKey } from '../../../src-main/engine/library/paths.ts';
import type { Difference, DiskStat, ScanBatch } from '../../../src-main/engine/library/differences.ts';
import { nodeLaunch } from '../../../src-main/headless/launch.ts';

const columns = (stat: DiskStat): [number, bigint, bigint, bigint] => [
  stat.byteSize,
  stat.mtimeNs,
  stat.ctimeNs,
  stat.inode,
];

/** A folder for one test; removed with `using`, whatever its permissions. */
export const temporaryFolder = (): { readonly path: string } & Disposable => {
  const path = mkdtempSync(join(tmpdir(), 'ledgerline-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};

export interface Row {
  readonly id: number;
  /** Folder and name, one character for each byte. */
  readonly place: string;
  readonly state: string;
  readonly reason: string | null;
  readonly size: number;
}

/** A real ledger with the real schema, and the plainest owner that can be. */
export class LedgerFixture {
  readonly path: string;
  readonly db: Database.Database;
  readonly libraryId = 1;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(folder: string, library: Uint8Array) {
    this.path = join(folder, 'ledger.db');
    this.db = new Database(this.path);
    this.db.pragma('journal_mode = WAL');
    const sql = nodeLaunch.sqlFolder('ledger');
    for (const file of readdirSync(sql).sort()) this.db.exec(readFileSync(join(sql, file), 'utf8'));
    this.db.prepare('INSERT INTO library (id, path, added_at) VALUES (1, ?, 0)').run(library);
  }

  [Symbol.dispose](): void {
    this.db.close();
  }

  /** Applies a batch as an owner does. */
  readonly apply = (batch: ScanBatch): void => {
    this.db.transaction(() => batch.differences.forEach((difference) => this.#applyOne(difference)))();
  };

  #applyOne(difference: Difference): void {
    switch (difference.kind) {
      case 'new':
        return this.addTrack(
          difference.folder,
          difference.name,
          difference.stat,
          difference.trouble?.state ?? 'found',
          difference.trouble?.reason ?? null,
        );
      case 'changed':
        this.#statement(
          `UPDATE track SET byte_size = ?, mtime_ns = ?, ctime_ns = ?, inode = ?, state = ?, reason = ? WHERE id = ?`,
        ).run(
          ...columns(difference.stat),
          difference.trouble?.state ?? 'found',
          difference.trouble?.reason ?? null,
          difference.trackId,
        );
        return;
      case 'touched':
      case 'back':
        this.#statement(
          `UPDATE track SET byte_size = ?, mtime_ns = ?, ctime_ns = ?, inode = ?, state = 'found', reason = NULL WHERE id = ?`,
        ).run(...columns(difference.stat), difference.trackId);
        return;
      case 'gone':
        this.setState(difference.trackId, 'missing', null);
        return;
      case 'excluded':
        this.setState(difference.trackId, 'skipped', 'excluded');
    }
  }

  addTrack(
    folder: Uint8Array,
    name: Uint8Array,
    stat: DiskStat,
    state = 'found',
    reason: string | null = null,
  ): void {
    this.#statement('INSERT OR IGNORE INTO folder (library_id, path) VALUES (1, ?)').run(folder);
    this.#statement(
      `INSERT INTO track (library_id, folder_id, name, byte_size, mtime_ns, ctime_ns, inode, state, reason, found_run)
         VALUES (1, (SELECT id FROM folder WHERE library_id = 1 AND path = ?), ?, ?, ?, ?, ?, ?, ?, 1)`,
    ).run(folder, name, ...columns(stat), state, reason);
  }

  #statement(sql: string): Database.Statement {
    const statement = this.#statements.get(sql) ?? this.db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  setState(trackId: number, state: string, reason: string | null): void {
    this.#statement('UPDATE track SET state = ?, reason = ? WHERE id = ?').run(state, reason, trackId);
  }

  rows(): readonly Row[] {
    return this.db
      .prepare<
        [],
        { id: number; path: Buffer; name: Buffer; state: string; reason: string | null; size: number }
      >(
        `SELECT track.id, path, name, state, reason, byte_size AS size FROM track JOIN folder ON folder.id = folder_id ORDER BY path, name`,
      )
      .all()
      .map(({ id, path, name, state, reason, size }) => ({
        id,
        place: [toKey(path), toKey(name)].filter((part) => part !== '').join('/'),
        state,
        reason,
        size,
      }));
  }
}

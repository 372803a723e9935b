import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** What a look came to, by album. */
export interface Card {
  /** The track that was looked at, as bytes of the file system. */
  readonly track: Uint8Array;
  /** What was there to be looked at; empty where that could not be told. */
  readonly stamp: string;
  /** The name of its cover; null: it has none. */
  readonly cover: string | null;
}

/** Which album has which cover, and which covers are kept. A cache: it may be thrown away at any time. */
export interface CardIndex {
  readonly find: (album: Uint8Array) => Card | undefined;
  readonly keep: (album: Uint8Array, card: Card) => void;
  /** A cover that was written, with both its files. */
  readonly addCover: (name: string, bytes: number, now: number) => void;
  readonly used: (name: string, now: number) => void;
  /** Forgets the cover and who has it, so that they are looked for anew. */
  readonly dropCover: (name: string) => void;
  /** Those that were used least recently, so many that what remains is no more than `bytes`. */
  readonly beyond: (bytes: number) => readonly string[];
  readonly hasCover: (name: string) => boolean;
  readonly close: () => void;
}

const VERSION = 1;
const SCHEMA = `
  CREATE TABLE cover (
    name    TEXT PRIMARY KEY,
    bytes   INTEGER NOT NULL,
    used_at INTEGER NOT NULL              -- ms since 1970, to the hour
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX cover_used ON cover (used_at);
  CREATE TABLE card (
    album BLOB PRIMARY KEY,
    track BLOB NOT NULL,
    stamp TEXT NOT NULL,
    cover TEXT REFERENCES cover (name) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX card_cover ON card (cover) WHERE cover IS NOT NULL;
  PRAGMA user_version = ${VERSION};
`;
/** How exact the time of the last use is: not every look at a wall is worth a write. */
const USED_MS = 3_600_000;

const openOnce = (path: string): Database.Database => {
  const db = new Database(path, { timeout: 2000 });
  try {
    db.pragma('journal_mode = WAL');
    // What a power cut takes away is looked for again.
    db.pragma('synchronous = OFF');
    db.pragma('foreign_keys = ON');
    const version = db.pragma('user_version', { simple: true });
    if (version === 0) db.exec(SCHEMA);
    else if (version !== VERSION) throw new Error(`index of version ${String(version)}`);
    const verdict = db.pragma('quick_check(1)', { simple: true });
    if (verdict !== 'ok') throw new Error(String(verdict));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

/** Opens the index in this folder; one that cannot be used is thrown away with all covers. @throws what a full disk throws */
export const openCardIndex = (folder: string): CardIndex => {
  const path = join(folder, 'index.db');
  const open = (): Database.Database => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return openOnce(path);
  };
  let db: Database.Database;
  try {
    db = open();
  } catch {
    rmSync(folder, { recursive: true, force: true });
    db = open();
  }
  return indexOf(db);
};

const indexOf = (db: Database.Database): CardIndex => {
  const find = db.prepare<[Uint8Array], Card>('SELECT track, stamp, cover FROM card WHERE album = ?');
  const keep = db.prepare('INSERT OR REPLACE INTO card (album, track, stamp, cover) VALUES (?, ?, ?, ?)');
  const addCover = db.prepare(
    'INSERT INTO cover (name, bytes, used_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET used_at = excluded.used_at',
  );
  const used = db.prepare('UPDATE cover SET used_at = ? WHERE name = ? AND used_at < ?');
  const drop = db.prepare('DELETE FROM cover WHERE name = ?');
  const total = db.prepare<[], { bytes: number | null }>('SELECT sum(bytes) AS bytes FROM cover');
  const oldest = db.prepare<[], { name: string; bytes: number }>(
    'SELECT name, bytes FROM cover ORDER BY used_at, name',
  );
  const has = db.prepare<[string]>('SELECT 1 FROM cover WHERE name = ?');
  return {
    find: (album) => find.get(album),
    keep: (album, { track, stamp, cover }) => void keep.run(album, track, stamp, cover),
    addCover: (name, bytes, now) => void addCover.run(name, bytes, now),
    used: (name, now) => void used.run(now, name, now - USED_MS),
    dropCover: (name) => void drop.run(name),
    beyond: (bytes) => {
      let over = (total.get()?.bytes ?? 0) - bytes;
      const names: string[] = [];
      if (over <= 0) return names;
      for (const cover of oldest.iterate()) {
        if (over <= 0) break;
        names.push(cover.name);
        over -= cover.bytes;
      }
      return names;
    },
    hasCover: (name) => has.get(name) !== undefined,
    close: () => void db.close(),
  };
};

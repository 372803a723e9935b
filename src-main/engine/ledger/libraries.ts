import type { Database } from 'better-sqlite3';

export interface Library {
  readonly id: number;
  /** Absolute, as the bytes of the file system. */
  readonly path: Uint8Array;
}

export interface Libraries {
  readonly all: () => readonly Library[];
  /** The library at this path; made when it is new. */
  readonly ensure: (path: Uint8Array, now: number) => Library;
  readonly has: (id: number) => boolean;
  readonly scanned: (id: number, now: number) => void;
  /** Forgets a library and its tracks. Neither a file nor anything in an archive is touched. */
  readonly forget: (id: number) => void;
}

export const createLibraries = (db: Database): Libraries => {
  const all = db.prepare<[], Library>('SELECT id, path FROM library ORDER BY id');
  const byPath = db.prepare<[Uint8Array], Library>('SELECT id, path FROM library WHERE path = ?');
  const insert = db.prepare<[Uint8Array, number]>('INSERT INTO library (path, added_at) VALUES (?, ?)');
  const has = db.prepare<[number]>('SELECT 1 FROM library WHERE id = ?');
  const scanned = db.prepare<[number, number]>('UPDATE library SET scanned_at = ? WHERE id = ?');
  // Before their library: the tallies are theirs to take themselves out of, and leave with the library.
  const forgetTracks = db.prepare<[number]>('DELETE FROM track WHERE library_id = ?');
  const forget = db.prepare<[number]>('DELETE FROM library WHERE id = ?');
  return {
    all: () => all.all(),
    ensure: (path, now) => {
      const known = byPath.get(path);
      if (known !== undefined) return known;
      return { id: Number(insert.run(path, now).lastInsertRowid), path };
    },
    has: (id) => has.get(id) !== undefined,
    scanned: (id, now) => void scanned.run(now, id),
    forget: (id) => {
      forgetTracks.run(id);
      forget.run(id);
    },
  };
};

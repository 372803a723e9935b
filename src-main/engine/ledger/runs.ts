import type { Database } from 'better-sqlite3';

export interface RunRow {
  readonly id: number;
  readonly archived: number;
  readonly moved: number;
  readonly puts: number;
  readonly bytes_sent: number;
  readonly started_at: number;
  readonly ended_at: number | null;
}

export interface Runs {
  readonly begin: (archiveId: number, now: number) => number;
  readonly get: (id: number) => RunRow;
  /** Belongs into the transaction that keeps the PUT's answer. */
  readonly countPut: (id: number, bytes: number) => void;
  readonly end: (id: number, now: number) => void;
}

export const createRuns = (db: Database): Runs => {
  const begin = db.prepare<[number, number]>('INSERT INTO run (archive_id, started_at) VALUES (?, ?)');
  const get = db.prepare<[number], RunRow>('SELECT * FROM run WHERE id = ?');
  const countPut = db.prepare<[number, number]>(
    'UPDATE run SET puts = puts + 1, bytes_sent = bytes_sent + ? WHERE id = ?',
  );
  const end = db.prepare<[number, number]>('UPDATE run SET ended_at = ? WHERE id = ?');
  return {
    begin: (archiveId, now) => Number(begin.run(archiveId, now).lastInsertRowid),
    get: (id) => {
      const row = get.get(id);
      if (row === undefined) throw new Error(`the ledger has no run ${id}`);
      return row;
    },
    countPut: (id, bytes) => void countPut.run(bytes, id),
    end: (id, now) => void end.run(now, id),
  };
};

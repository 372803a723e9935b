import type { Database } from 'better-sqlite3';

/** How far an archive was asked again for everything it said it has. Outlives the run, for runs are interrupted. */
export interface FullRechecks {
  /** The holding up to which it was asked, 0 at the beginning; null: nothing of the kind is going on. */
  readonly reached: (archiveId: number) => number | null;
  readonly set: (archiveId: number, reached: number | null) => void;
}

export const createFullRechecks = (db: Database): FullRechecks => {
  const reached = db.prepare<[number], { reached: number | null }>(
    'SELECT rechecked_to AS reached FROM archive WHERE id = ?',
  );
  const set = db.prepare<[number | null, number]>('UPDATE archive SET rechecked_to = ? WHERE id = ?');
  return {
    reached: (archiveId) => reached.get(archiveId)?.reached ?? null,
    set: (archiveId, to) => void set.run(to, archiveId),
  };
};

import type { Database } from 'better-sqlite3';

/** The work for one archive: from when something began to wait until nothing did any more. Times are ms since 1970. */
export interface Job {
  readonly beganAt: number;
  /** Null: under way. */
  readonly endedAt: number | null;
}

export interface Jobs {
  /** The one that is under way, or the last. */
  readonly get: (archiveId: number) => Job | undefined;
  readonly begin: (archiveId: number, now: number) => void;
  readonly end: (archiveId: number, now: number) => void;
}

/** For who does not own the ledger, too: one that an older program made knows of no work yet. */
export const createJobReader = (db: Database): Jobs['get'] => {
  const columns = db.prepare<[], { name: string }>("SELECT name FROM pragma_table_info('archive')").all();
  if (!columns.some(({ name }) => name === 'job_began_at')) return () => undefined;
  const get = db.prepare<[number], { beganAt: number | null; endedAt: number | null }>(
    'SELECT job_began_at AS beganAt, job_ended_at AS endedAt FROM archive WHERE id = ?',
  );
  return (archiveId) => {
    const { beganAt = null, endedAt = null } = get.get(archiveId) ?? {};
    return beganAt === null ? undefined : { beganAt, endedAt };
  };
};

export const createJobs = (db: Database): Jobs => {
  const begin = db.prepare<[number, number]>(
    'UPDATE archive SET job_began_at = ?, job_ended_at = NULL WHERE id = ?',
  );
  const end = db.prepare<[number, number]>('UPDATE archive SET job_ended_at = ? WHERE id = ?');
  return {
    get: createJobReader(db),
    begin: (archiveId, now) => void begin.run(now, archiveId),
    end: (archiveId, now) => void end.run(now, archiveId),
  };
};

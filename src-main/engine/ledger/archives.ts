import type { Database } from 'better-sqlite3';

export interface ArchiveRow {
  readonly id: number;
  readonly identity: string;
  readonly url: string;
}

/** An archive and when a run with it began last. */
export interface UsedArchive extends ArchiveRow {
  readonly usedAt: number;
}

export interface Archives {
  readonly all: () => readonly ArchiveRow[];
  /** The row of the archive that says it is `identity`; made when it is new. The address is only for people. */
  readonly ensure: (identity: string, url: string, now: number) => ArchiveRow;
  /** The archive elsewhere, with an address and not a folder, that a run was begun with last. */
  readonly lastElsewhere: () => UsedArchive | undefined;
  /** How many contents this archive was ever asked to hold. */
  readonly hasHoldings: (id: number) => boolean;
}

export const createArchives = (db: Database): Archives => {
  const all = db.prepare<[], ArchiveRow>('SELECT id, identity, url FROM archive ORDER BY id');
  const ensure = db.prepare<[string, string, number], ArchiveRow>(
    `INSERT INTO archive (identity, url, added_at) VALUES (?, ?, ?)
     ON CONFLICT (identity) DO UPDATE SET url = excluded.url RETURNING id, identity, url`,
  );
  const find = db.prepare<[string], ArchiveRow>('SELECT id, identity, url FROM archive WHERE identity = ?');
  const lastElsewhere = db.prepare<[], UsedArchive>(
    `SELECT archive.id, identity, url, max(run.started_at) AS usedAt FROM run JOIN archive ON archive.id = run.archive_id
     WHERE url LIKE 'http://%' OR url LIKE 'https://%' GROUP BY archive.id ORDER BY max(run.id) DESC LIMIT 1`,
  );
  const hasHoldings = db.prepare<[number]>('SELECT 1 FROM holding WHERE archive_id = ? LIMIT 1');
  return {
    all: () => all.all(),
    ensure: (identity, url, now) => {
      const known = find.get(identity);
      if (known?.url === url) return known;
      const row = ensure.get(identity, url, now);
      if (row === undefined) throw new Error('the ledger returned no row for an archive it was given');
      return row;
    },
    lastElsewhere: () => lastElsewhere.get(),
    hasHoldings: (id) => hasHoldings.get(id) !== undefined,
  };
};

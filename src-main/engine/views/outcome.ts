import type { Database } from 'better-sqlite3';
import { createArchives } from '../ledger/archives.ts';
import { readSettings } from '../ledger/settings.ts';

/** How a track stands with the archive that `holding` is joined for; the tallies of the ledger say the same. */
export const OUTCOME = `CASE WHEN track.state <> 'found' THEN track.state
  WHEN holding.state IS NULL OR holding.state = 'open' THEN 'waiting' ELSE holding.state END`;

/** The archive that was chosen; 0, with which nothing was ever archived, where there is none. */
export const createChosenArchive = (db: Database): (() => number) => {
  const settings = readSettings(db);
  const archives = createArchives(db);
  return () => {
    const identity = settings().archive?.identity;
    return archives.all().find((row) => row.identity === identity)?.id ?? 0;
  };
};

import { join } from 'node:path';
import { createArchives, type Archives } from './archives.ts';
import { createCommits, type Commits } from './commits.ts';
import { createHoldings, type Holdings } from './holdings.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createIntake, type Intake } from './intake.ts';
import { createLibraries, type Libraries } from './libraries.ts';
import { noteDamage, openLedgerFile } from './open.ts';
import { createRuns, type Runs } from './runs.ts';
import { createTotals, type StandingTotals } from './totals.ts';
import { createTracks, type Tracks } from './tracks.ts';

/** What the owner of a ledger does with it. Everything that writes goes through {@link Commits.commit}. */
export interface Ledger extends Commits {
  readonly path: string;
  /** Where a damaged ledger was put aside when this one was opened. */
  readonly setAside?: string;
  readonly libraries: Libraries;
  readonly archives: Archives;
  readonly tracks: Tracks;
  readonly holdings: Holdings;
  readonly runs: Runs;
  readonly inbox: Inbox;
  readonly takeIn: Intake;
  readonly totals: (archiveId: number, libraryIds: readonly number[]) => StandingTotals;
  /** Writes everything through and closes the file. */
  readonly close: () => Promise<void>;
}

export const ledgerPath = (dataFolder: string): string => join(dataFolder, 'ledger.db');

/**
 * Opens the ledger of a data folder for its owner.
 * @throws LedgerNewerError, LedgerDiskError
 */
export const openLedger = (dataFolder: string, sqlFolder: string, now: Date): Ledger => {
  const path = ledgerPath(dataFolder);
  const { db, setAside } = openLedgerFile(path, sqlFolder, now);
  const commits = createCommits(db, () => noteDamage(path));
  return {
    ...commits,
    path,
    ...(setAside === undefined ? {} : { setAside }),
    libraries: createLibraries(db),
    archives: createArchives(db),
    tracks: createTracks(db),
    holdings: createHoldings(db),
    runs: createRuns(db),
    inbox: createInbox(db),
    takeIn: createIntake(db),
    totals: createTotals(db),
    close: async () => {
      await commits.flush();
      db.close();
    },
  };
};

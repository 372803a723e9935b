import { join } from 'node:path';
import { createArchives, type Archives } from './archives.ts';
import { createCommits, type Commits } from './commits.ts';
import { createFullRechecks, type FullRechecks } from './full-rechecks.ts';
import { createHoldings, type Holdings } from './holdings.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createIntake, type Intake } from './intake.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { createLibraries, type Libraries } from './libraries.ts';
import { ledgerTrouble, openLedgerFile, type SetAside, type WhenDamaged } from './open.ts';
import { createPace, type Pace } from './pace.ts';
import { createRuns, type Runs } from './runs.ts';
import { createSettings, type LedgerSettings } from './settings.ts';
import { createMissing, createTotals, type StandingTotals } from './totals.ts';
import { createTracks, type Tracks } from './tracks.ts';

/** What the owner of a ledger does with it. Everything that writes goes through {@link Commits.commit}. */
export interface Ledger extends Commits {
  readonly path: string;
  /** Of the damaged one in whose place this one was made when it was opened. */
  readonly setAside?: SetAside;
  readonly libraries: Libraries;
  readonly archives: Archives;
  readonly tracks: Tracks;
  readonly holdings: Holdings;
  readonly fullRechecks: FullRechecks;
  readonly runs: Runs;
  readonly pace: Pace;
  readonly jobs: Jobs;
  readonly inbox: Inbox;
  readonly settings: LedgerSettings;
  readonly takeIn: Intake;
  readonly totals: (archiveId: number, libraryIds: readonly number[]) => StandingTotals;
  /** Tracks that were there before and are not now. */
  readonly missing: (libraryIds: readonly number[]) => number;
  /** Writes everything through and closes the file. */
  readonly close: () => Promise<void>;
}

export const ledgerPath = (dataFolder: string): string => join(dataFolder, 'ledger.db');

/**
 * Opens the ledger of a data folder for its owner. Everything that it is asked throws in words for a person where the
 * file cannot be read or written.
 * @throws LedgerNewerError, LedgerDiskError; LedgerDamagedError where that is to be told
 */
export const openLedger = (
  dataFolder: string,
  sqlFolder: string,
  now: Date,
  whenDamaged?: WhenDamaged,
): Ledger => {
  const path = ledgerPath(dataFolder);
  const { db, setAside } = openLedgerFile(path, sqlFolder, now, whenDamaged);
  const tell = (error: unknown): unknown => ledgerTrouble(path, error);
  const commits = createCommits(db, tell);
  const { call, part } = toldBy(tell);
  return {
    ...commits,
    path,
    ...(setAside === undefined ? {} : { setAside }),
    libraries: part(createLibraries(db)),
    archives: part(createArchives(db)),
    tracks: part(createTracks(db)),
    holdings: part(createHoldings(db)),
    fullRechecks: part(createFullRechecks(db)),
    runs: part(createRuns(db)),
    pace: part(createPace(db)),
    jobs: part(createJobs(db)),
    inbox: part(createInbox(db)),
    settings: part(createSettings(db)),
    takeIn: call(createIntake(db)),
    totals: call(createTotals(db)),
    missing: call(createMissing(db)),
    close: async () => {
      await commits.flush();
      db.close();
    },
  };
};

/** Functions, and objects of functions, that throw what `tell` makes of an error. */
const toldBy = (tell: (error: unknown) => unknown) => {
  const call =
    <A extends readonly unknown[], R>(work: (...args: A) => R) =>
    (...args: A): R => {
      try {
        return work(...args);
      } catch (error) {
        throw tell(error);
      }
    };
  const part = <T extends { readonly [K in keyof T]: (...args: never) => unknown }>(functions: T): T =>
    Object.fromEntries(
      Object.entries<(...args: never) => unknown>(functions).map(([name, work]) => [name, call(work)]),
    ) as T;
  return { call, part };
};

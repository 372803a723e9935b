import type { Clock } from './clock.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Amount } from './ledger/tracks.ts';

/** Keeps how the work goes on, for the curve and the nights: what was sent and archived when, and since when. */
export interface Bookkeeping {
  readonly sent: (bytes: number, tracks: number) => void;
  /** These waited and are archived now. What only came back to where it was archived before is nobody's work. */
  readonly archived: (some: Amount) => void;
  /** Looks at the totals, at most once a second; writes at most once a minute, and nothing where nothing happened. */
  readonly look: () => Promise<void>;
  /** Nothing is left to do now. */
  readonly rest: () => Promise<void>;
  /** Writes what is not written yet. */
  readonly close: () => Promise<void>;
}

const LOOK_MS = 1_000;

export const createBookkeeping = (deps: {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly archiveId: number;
  readonly libraryIds: readonly number[];
}): Bookkeeping => {
  const { ledger, clock, archiveId, libraryIds } = deps;
  let waiting = 0;
  /** When the first was archived since the last look: what is small may wait for less time than there is between two. */
  let workedAt: number | undefined;
  let nextLook = clock.monotonic();

  const lookNow = async (): Promise<void> => {
    nextLook = clock.monotonic() + LOOK_MS;
    const now = clock.now();
    waiting = ledger.totals(archiveId, libraryIds).waiting;
    const isUnderWay = ledger.jobs.get(archiveId)?.endedAt === null;
    const beganAt = workedAt ?? (waiting > 0 ? now : undefined);
    workedAt = undefined;
    if (beganAt !== undefined && !isUnderWay)
      await ledger.commit(() => ledger.jobs.begin(archiveId, beganAt));
    if (ledger.pace.isDue(now)) await ledger.commit(() => ledger.pace.keep(now));
  };

  return {
    sent: (bytesSent, tracksSent) => ledger.pace.add(archiveId, clock.now(), { bytesSent, tracksSent }),
    archived: ({ bytes, tracks }) => {
      const now = clock.now();
      workedAt ??= now;
      ledger.pace.add(archiveId, now, { bytesArchived: bytes, tracksArchived: tracks });
    },
    look: async () => {
      if (clock.monotonic() >= nextLook) await lookNow();
    },
    rest: async () => {
      await lookNow();
      if (waiting === 0 && ledger.jobs.get(archiveId)?.endedAt === null)
        await ledger.commit(() => ledger.jobs.end(archiveId, clock.now()));
    },
    close: async () => {
      await lookNow();
      await ledger.commit(() => ledger.pace.keep(clock.now()));
    },
  };
};

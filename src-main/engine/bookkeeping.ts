import type { Clock } from './clock.ts';
import type { Ledger } from './ledger/ledger.ts';

/** Keeps how the work goes on, for the curve and the nights: what was sent and archived when, and since when. */
export interface Bookkeeping {
  readonly sent: (bytes: number, tracks: number) => void;
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
  const totals = () => ledger.totals(archiveId, libraryIds);
  let last = totals();
  let nextLook = clock.monotonic();

  const lookNow = async (): Promise<void> => {
    nextLook = clock.monotonic() + LOOK_MS;
    const [before, now] = [last, clock.now()];
    last = totals();
    // They also shrink, when files change or a folder is forgotten; that undoes no work.
    const tracksArchived = Math.max(0, last.archived - before.archived);
    const bytesArchived = Math.max(0, last.bytesArchived - before.bytesArchived);
    if (tracksArchived > 0) ledger.pace.add(archiveId, now, { tracksArchived, bytesArchived });
    const isUnderWay = ledger.jobs.get(archiveId)?.endedAt === null;
    if (last.waiting > 0 && !isUnderWay) await ledger.commit(() => ledger.jobs.begin(archiveId, now));
    if (ledger.pace.isDue(now)) await ledger.commit(() => ledger.pace.keep(now));
  };

  return {
    sent: (bytesSent, tracksSent) => ledger.pace.add(archiveId, clock.now(), { bytesSent, tracksSent }),
    look: async () => {
      if (clock.monotonic() >= nextLook) await lookNow();
    },
    rest: async () => {
      await lookNow();
      if (last.waiting === 0 && ledger.jobs.get(archiveId)?.endedAt === null)
        await ledger.commit(() => ledger.jobs.end(archiveId, clock.now()));
    },
    close: async () => {
      await lookNow();
      await ledger.commit(() => ledger.pace.keep(clock.now()));
    },
  };
};

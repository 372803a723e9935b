import type { Gate, InFlight, RunSnapshot, RunSummary } from '../../shared/run.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Clock } from './clock.ts';
import { type Hours, endsAt } from './forecast/ends-at.ts';
import { timeLeft } from './forecast/forecast.ts';
import type { Ledger } from './ledger/ledger.ts';
import { totalsOfRun } from './ledger/totals.ts';
import type { Rates } from './transfer/rates.ts';

/** What a run tells of itself while it lasts and at its end. All counts come from the ledger. */
export interface Telling {
  readonly snapshot: () => RunSnapshot;
  readonly summary: () => RunSummary;
}

export const createTelling = (deps: {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly archiveId: number;
  readonly runId: number;
  readonly libraryIds: readonly number[];
  readonly rates: Rates;
  readonly settings: () => Hours & Pick<Settings, 'lineLimit'>;
  readonly gate: () => Gate;
  readonly isScanning: () => boolean;
  readonly looked: () => readonly number[];
  readonly inFlight: () => readonly InFlight[];
  /** By the monotonic clock. */
  readonly began: number;
}): Telling => {
  const { ledger, clock, archiveId, runId, libraryIds, began } = deps;
  const seconds = (): number => (clock.monotonic() - began) / 1000;

  return {
    summary: () => {
      const run = ledger.runs.get(runId);
      return {
        ...totalsOfRun(ledger.totals(archiveId, libraryIds), run),
        missing: ledger.missing(libraryIds),
        puts: run.puts,
        bytes_sent: run.bytes_sent,
        seconds: seconds(),
      };
    },
    snapshot: () => {
      const standing = ledger.totals(archiveId, libraryIds);
      const run = ledger.runs.get(runId);
      const { bytes, files } = deps.rates.perSecond();
      const settings = deps.settings();
      const now = clock.now();
      const live = { bytes, tracks: files };
      const left = timeLeft(ledger, archiveId, standing, live, settings.lineLimit, now);
      const end = endsAt(now, left, settings);
      return {
        scanning: deps.isScanning(),
        looked: deps.looked(),
        gate: deps.gate(),
        totals: totalsOfRun(standing, run),
        bytesFound: standing.bytesFound,
        bytesWaiting: standing.bytesWaiting,
        bytesArchived: standing.bytesArchived,
        bytesFailed: standing.bytesFailed,
        puts: run.puts,
        bytesSent: run.bytes_sent,
        bytesPerSecond: bytes,
        filesPerSecond: files,
        ...(end === undefined ? {} : { endsAt: end }),
        inFlight: deps.inFlight(),
        seconds: seconds(),
      };
    },
  };
};

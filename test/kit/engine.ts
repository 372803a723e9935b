import { onTestFinished } from 'vitest';
import { runSummarySchema, totalsSchema, type TrackEvent } from '../../shared/run.ts';
import { connect, type ArchiveConnection } from '../../src-main/engine/archive/connect.ts';
import { createHttp } from '../../src-main/engine/archive/http.ts';
import type { Credentials } from '../../src-main/engine/archive/session.ts';
import { createFingerprinter } from '../../src-main/engine/audio/fingerprints.ts';
import { systemClock, type Clock } from '../../src-main/engine/clock.ts';
import { noProbe, type Probe } from '../../src-main/engine/kill-points.ts';
import { openLedger, type Ledger } from '../../src-main/engine/ledger/ledger.ts';
import { startRun, type Run, type RunOptions, type RunResult } from '../../src-main/engine/run.ts';
import { nodeLaunch } from '../../src-main/headless/launch.ts';

export interface EngineOptions {
  readonly dataFolder: string;
  readonly url: string;
  readonly credentials: Credentials;
  readonly folders: readonly string[];
  readonly clock?: Clock;
  readonly probe?: Probe;
}

export type RunWishes = Partial<
  Pick<
    RunOptions,
    | 'concurrency'
    | 'traditional'
    | 'watch'
    | 'acceptDuplicates'
    | 'recheck'
    | 'checkRoom'
    | 'libraries'
    | 'power'
  >
>;

export interface TestEngine {
  readonly ledger: Ledger;
  readonly connection: ArchiveConnection;
  /** What was told of single tracks, of all runs. */
  readonly events: readonly TrackEvent[];
  readonly start: (wishes?: RunWishes) => Promise<Run>;
  /** A run to its end; its totals are sure to add up. */
  readonly sync: (wishes?: RunWishes) => Promise<RunResult>;
  readonly close: () => Promise<void>;
}

/** The engine as the command line puts it together, in this process. Closed when the test is over. */
export const openEngine = async (options: EngineOptions): Promise<TestEngine> => {
  const { clock = systemClock, probe = noProbe } = options;
  const ledger = openLedger(options.dataFolder, nodeLaunch.sqlFolder('ledger'), new Date());
  const http = createHttp('Ledgerline/test');
  const fingerprinter = createFingerprinter({ launch: nodeLaunch, threads: 1 });
  const runs: Run[] = [];
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    for (const run of runs) run.stop();
    await Promise.allSettled(runs.map(({ done }) => done));
    await fingerprinter.close();
    http.dropConnections();
    await ledger.close();
  };
  const closeOnce = (): Promise<void> => (closing ??= close());
  onTestFinished(closeOnce);

  const connection = await connect(http, options.url, options.credentials, clock);
  const libraries = await ledger.commit(() =>
    options.folders.map((folder) => ledger.libraries.ensure(Buffer.from(folder), clock.now())),
  );
  const events: TrackEvent[] = [];
  const start = async (wishes: RunWishes = {}): Promise<Run> => {
    const run = await startRun({
      ledger,
      connection,
      libraries,
      launch: nodeLaunch,
      fingerprinter,
      clock,
      probe,
      concurrency: 4,
      traditional: false,
      watch: false,
      acceptDuplicates: false,
      onTrack: (event) => void events.push(event),
      ...wishes,
    });
    // A test that never comes to ask must not end by an unhandled rejection.
    run.done.catch(() => undefined);
    runs.push(run);
    return run;
  };
  return {
    ledger,
    connection,
    events,
    start,
    sync: async (wishes) => {
      const result = await (await start(wishes)).done;
      addsUp(result.summary);
      return result;
    },
    close: closeOnce,
  };
};

/** Throws where a part is negative or the parts are not the whole. */
export const addsUp = (told: unknown): void => {
  const totals = totalsSchema.parse(told);
  if ('puts' in (told as object)) runSummarySchema.parse(told);
  const { found, ...parts } = totals;
  const sum = Object.values(parts).reduce((total, part) => total + part, 0);
  if (sum !== found) throw new Error(`found ${found}, but the parts make ${sum}: ${JSON.stringify(totals)}`);
};

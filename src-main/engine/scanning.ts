import type { Launch } from '../../shared/launch.ts';
import type { Clock } from './clock.ts';
import type { Probe } from './kill-points.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Library } from './ledger/libraries.ts';
import type { Difference, DiskStat, ScanResult } from './library/differences.ts';
import { REASONS } from './library/reasons.ts';
import { lookAtRoot } from './library/root.ts';
import { scanLibrary } from './library/scan.ts';
import { settledAt } from './library/settling.ts';
import type { Reporter } from './report.ts';

/** Looks through the libraries and keeps what it finds. */
export interface Scanning {
  /** Asks for a scan of one library; a scan under way is followed by another. */
  readonly request: (libraryId: number) => void;
  readonly busy: () => boolean;
  /** The libraries that could be reached when they were looked at last. */
  readonly reachable: () => readonly number[];
  /** The libraries whose last look came to its end, be it that they are out of reach. */
  readonly looked: () => readonly number[];
  /** The last result for each library that was looked at. */
  readonly results: () => ReadonlyMap<number, ScanResult>;
  /**
   * A file is gone, or cannot be read: whether that may be believed, because its library is there still. Waits for the
   * first look at the library in this run, without which nobody knows what is there.
   */
  readonly stillThere: (libraryId: number) => Promise<boolean>;
}

export const createScanning = (deps: {
  readonly ledger: Ledger;
  readonly launch: Launch;
  readonly clock: Clock;
  readonly probe: Probe;
  readonly report: Reporter;
  readonly libraries: readonly Library[];
  readonly runId: number;
  readonly archiveId: number;
  /** What a person leaves out now. */
  readonly exclusions: () => readonly string[];
  readonly isPatient: boolean;
  readonly signal: AbortSignal;
  /** Tracks, or a whole library, came back whose holdings may have had their turn. */
  readonly onBack: () => void;
  readonly wake: () => void;
  readonly stopOn: (error: unknown) => void;
}): Scanning => {
  const { ledger, clock, signal } = deps;
  const context = {
    runId: deps.runId,
    archiveId: deps.archiveId,
    isPatient: deps.isPatient,
    ...(deps.isPatient ? { readableAt: (stat: DiskStat) => settledAt(stat, clock.now()) } : {}),
  };
  const wanted = new Set<number>();
  const gone = new Set<number>();
  const results = new Map<number, ScanResult>();
  const firstLooks = new Map(deps.libraries.map(({ id }) => [id, Promise.withResolvers<void>()]));
  let running = false;

  const scan = async (library: Library): Promise<void> => {
    const result = await scanLibrary({
      launch: deps.launch,
      ledgerPath: ledger.path,
      library,
      exclusions: deps.exclusions(),
      signal,
      onBatch: async ({ differences }) => {
        deps.probe('scan_batch');
        // A person may have had it forgotten since the scan began.
        await ledger.commit(() => {
          if (ledger.libraries.has(library.id)) ledger.takeIn(library.id, differences, context);
        });
        deps.probe('scan_committed');
        if (differences.some(({ kind }) => kind === 'back')) deps.onBack();
        for (const difference of differences) tell(library, difference);
        deps.wake();
      },
    });
    results.set(library.id, result);
    if (result.outcome === 'unreachable') gone.add(library.id);
    if (result.outcome !== 'complete') return;
    if (gone.delete(library.id)) deps.onBack();
    await ledger.commit(() => ledger.libraries.scanned(library.id, clock.now()));
  };

  const tell = (library: Library, difference: Difference): void => {
    if (difference.kind !== 'new' || difference.trouble === undefined) return;
    const { state, reason } = difference.trouble;
    deps.report.track(
      {
        libraryPath: library.path,
        folderPath: difference.folder,
        name: difference.name,
        byteSize: difference.stat.byteSize,
      },
      { outcome: state, seconds: 0, code: reason, message: REASONS[reason].sentence },
    );
  };

  const work = async (): Promise<void> => {
    for (const library of deps.libraries) {
      if (!wanted.delete(library.id) || signal.aborted) continue;
      try {
        await scan(library);
      } finally {
        firstLooks.get(library.id)?.resolve();
      }
    }
  };

  const start = (): void => {
    if (running || wanted.size === 0 || signal.aborted) return;
    running = true;
    work()
      .catch(deps.stopOn)
      .finally(() => {
        running = false;
        start();
        deps.wake();
      });
  };

  const request = (libraryId: number): void => {
    wanted.add(libraryId);
    start();
  };

  signal.addEventListener('abort', () => {
    for (const { resolve } of firstLooks.values()) resolve();
  });

  return {
    request,
    busy: () => running,
    reachable: () => deps.libraries.map(({ id }) => id).filter((id) => !gone.has(id)),
    looked: () => [...results].flatMap(([id, { outcome }]) => (outcome === 'stopped' ? [] : [id])),
    results: () => results,
    stillThere: async (libraryId) => {
      await firstLooks.get(libraryId)?.promise;
      const library = deps.libraries.find(({ id }) => id === libraryId);
      if (library === undefined || signal.aborted) return false;
      const seen = await lookAtRoot(library.path);
      const last = results.get(libraryId);
      if (last === undefined || gone.has(libraryId)) return false;
      if ('identity' in seen && seen.identity === last.root) return true;
      // A disk was taken away, and perhaps put back: only a look at all of it can tell which.
      gone.add(libraryId);
      const reason = 'reason' in seen ? seen.reason : 'root_changed';
      results.set(libraryId, { ...last, outcome: 'unreachable', reason });
      request(libraryId);
      return false;
    },
  };
};

import { readdir } from 'node:fs/promises';
import type { Launch } from '../../shared/launch.ts';
import type { Clock } from './clock.ts';
import { systemCode } from './errors.ts';
import type { Probe } from './kill-points.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Library } from './ledger/libraries.ts';
import type { Difference, ScanResult } from './library/differences.ts';
import { joinPath } from './library/paths.ts';
import { REASONS, type UnreachableReason } from './library/reasons.ts';
import { scanLibrary } from './library/scan.ts';
import type { Reporter } from './report.ts';

/** Looks through the libraries and keeps what it finds. */
export interface Scanning {
  /** Asks for a scan of one library; a scan under way is followed by another. */
  readonly request: (libraryId: number) => void;
  readonly busy: () => boolean;
  /** The libraries that could be reached when they were looked at last. */
  readonly reachable: () => readonly number[];
  /** The last result for each library that was looked at. */
  readonly results: () => ReadonlyMap<number, ScanResult>;
  /** A file is gone: whether that may be believed, because its library is still there. */
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
  readonly isPatient: boolean;
  readonly signal: AbortSignal;
  /** Tracks, or a whole library, came back whose holdings may have had their turn. */
  readonly onBack: () => void;
  readonly wake: () => void;
  readonly stopOn: (error: unknown) => void;
}): Scanning => {
  const { ledger, clock, signal } = deps;
  const context = { runId: deps.runId, archiveId: deps.archiveId, isPatient: deps.isPatient };
  const wanted = new Set<number>();
  const gone = new Set<number>();
  const results = new Map<number, ScanResult>();
  let running = false;

  const scan = async (library: Library): Promise<void> => {
    const result = await scanLibrary({
      launch: deps.launch,
      ledgerPath: ledger.path,
      library,
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
      await scan(library);
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

  return {
    request: (libraryId) => {
      wanted.add(libraryId);
      start();
    },
    busy: () => running,
    reachable: () => deps.libraries.map(({ id }) => id).filter((id) => !gone.has(id)),
    results: () => results,
    stillThere: async (libraryId) => {
      const library = deps.libraries.find(({ id }) => id === libraryId);
      if (library === undefined || gone.has(libraryId)) return false;
      const reason = await whyGone(library.path);
      if (reason === undefined) return true;
      gone.add(libraryId);
      const last = results.get(libraryId);
      if (last !== undefined) results.set(libraryId, { ...last, outcome: 'unreachable', reason });
      return false;
    },
  };
};

/** An empty folder where a library was is the place at which a disk should be mounted. */
const whyGone = async (path: Uint8Array): Promise<UnreachableReason | undefined> => {
  try {
    return (await readdir(joinPath(path, new Uint8Array()))).length > 0 ? undefined : 'root_empty';
  } catch (error) {
    // Whatever keeps us from looking: the library is not there for us.
    return systemCode(error) === 'ENOENT' ? 'root_missing' : 'root_unreadable';
  }
};

import { setImmediate as breath } from 'node:timers/promises';
import { extensionOf } from '../../../shared/audio-types.ts';
import { peekFormat } from '../../engine/audio/fingerprint.ts';
import type { Ledger } from '../../engine/ledger/ledger.ts';
import type { Library } from '../../engine/ledger/libraries.ts';
import type { OpenPlace } from '../../engine/ledger/open-places.ts';
import { checkApartFromData, checkNoOverlap, chosenFolder } from '../../engine/library/choose.ts';
import type { ScanResult } from '../../engine/library/differences.ts';
import { displayPath, toKey } from '../../engine/library/paths.ts';
import { pathOnDisk, shownWhole } from '../../engine/library/place.ts';
import { UNREACHABLE_REASONS } from '../../engine/library/reasons.ts';
import { scanLibrary } from '../../engine/library/scan.ts';
import { nodeLaunch } from '../launch.ts';
import { readLedger } from '../ledger-reading.ts';
import { measuredRate } from './estimate.ts';
import { afterLooking, createCounter, type Counter, type Findings, mergeGroups } from './findings.ts';

export interface LookOptions {
  readonly folders: readonly string[];
  readonly cwd: string;
  /** Where the ledger of a real run lies. */
  readonly dataFolder: string;
  /** Where the archive is, as the ledger has it. */
  readonly place: string;
  readonly signal: AbortSignal;
  /** How long to look into files at most, in ms: on a slow disk each of them is a journey. */
  readonly lookMs: number;
}

/** Compares the libraries with a ledger that may be written to, and looks into what is new. Ends early when aborted. */
export const look = async (ledger: Ledger, ledgerFolder: string, options: LookOptions): Promise<Findings> => {
  const { signal } = options;
  const libraries = await chooseLibraries(ledger, options);
  const ids = libraries.map(({ id }) => id);
  const archiveId = await prepare(ledger, options.place, ids);
  const scans = new Map<number, ScanResult>();
  for (const library of libraries) scans.set(library.id, await scan(ledger, library, archiveId, signal));

  const looked = await readLedger(ledgerFolder, async (reader) => {
    const counter = createCounter();
    const { lookedInto, notLookedInto } = await lookInto(reader.openPlaces(archiveId, ids), counter, options);
    const known = (state: 'skipped' | 'failed') => reader.failureGroups(state, archiveId, ids, 3);
    return {
      totals: afterLooking(reader.totals(archiveId, ids), counter),
      missing: reader.missing(ids),
      formats: counter.formats(),
      skipped: mergeGroups(known('skipped'), counter.groups('skipped')),
      failed: mergeGroups(known('failed'), counter.groups('failed')),
      lookedInto,
      notLookedInto,
      measured: measuredRate(
        reader.runsThatSent(archiveId, 5).map(({ puts, bytes_sent, started_at, ended_at }) => ({
          puts,
          bytes: bytes_sent,
          seconds: ((ended_at ?? started_at) - started_at) / 1000,
        })),
      ),
    };
  });
  if (looked === undefined) throw new Error('the ledger that was just written is not there');
  return {
    ...looked,
    elsewhere: ledger.archives.lastElsewhere(),
    libraries: libraries.map(({ id, path }) => {
      const { leftOut = 0, reason } = scans.get(id) ?? {};
      const unreachable = reason === undefined ? {} : { unreachable: UNREACHABLE_REASONS[reason] };
      return { path: displayPath(path), leftOut, ...unreachable };
    }),
    others: sumOfOthers([...scans.values()]),
  };
};

const chooseLibraries = async (
  ledger: Ledger,
  { folders, cwd, dataFolder }: LookOptions,
): Promise<readonly Library[]> => {
  const chosen = folders.map((folder) => chosenFolder(folder, cwd));
  const known = ledger.libraries.all().map(({ path }) => path);
  for (const folder of chosen) {
    checkApartFromData(folder, dataFolder);
    checkNoOverlap(folder, [...chosen, ...known]);
  }
  const all = await ledger.commit(() => chosen.map((folder) => ledger.libraries.ensure(folder, Date.now())));
  return [...new Map(all.map((library) => [library.id, library])).values()];
};

/** What a real run would begin with: the archive, and another chance for what passes by itself. */
const prepare = (ledger: Ledger, place: string, libraryIds: readonly number[]): Promise<number> =>
  ledger.commit(() => {
    const known = ledger.archives.all().findLast(({ url }) => url === place);
    const { id } = known ?? ledger.archives.ensure(`unknown:${place}`, place, Date.now());
    ledger.holdings.reopen(id, 'retry');
    for (const libraryId of libraryIds) ledger.tracks.retryFailed(libraryId);
    return id;
  });

const scan = async (
  ledger: Ledger,
  library: Library,
  archiveId: number,
  signal: AbortSignal,
): Promise<ScanResult> => {
  const runId = await ledger.commit(() => ledger.runs.begin(archiveId, Date.now()));
  return scanLibrary({
    launch: nodeLaunch,
    ledgerPath: ledger.path,
    library,
    signal,
    onBatch: ({ differences }) =>
      ledger.commit(() => ledger.takeIn(library.id, differences, { runId, archiveId })),
  });
};

const lookInto = async (
  pages: Iterable<readonly OpenPlace[]>,
  counter: Counter,
  { signal, lookMs }: LookOptions,
): Promise<{ readonly lookedInto: number; readonly notLookedInto: number }> => {
  const end = performance.now() + lookMs;
  let lookedInto = 0;
  let notLookedInto = 0;
  for (const page of pages) {
    if (signal.aborted) break;
    for (const place of page) {
      if (place.isRead) counter.wanted(formatNameOf(place), place.byteSize);
      else if (performance.now() > end) {
        notLookedInto += 1;
        counter.wanted(formatNameOf(place), place.byteSize);
      } else {
        lookedInto += 1;
        lookAt(place, counter);
      }
    }
    await breath();
  }
  return { lookedInto, notLookedInto };
};

const lookAt = (place: OpenPlace, counter: Counter): void => {
  const seen = peekFormat(pathOnDisk(place));
  const reason = typeof seen === 'string' ? undefined : 'reason' in seen ? seen.reason : undefined;
  if (reason === undefined) counter.wanted(formatNameOf(place), place.byteSize);
  else counter.refused(reason, place.byteSize, () => shownWhole(place));
};

const formatNameOf = ({ name }: OpenPlace): string => extensionOf(toKey(name));

const sumOfOthers = (scans: readonly ScanResult[]): Readonly<Record<string, number>> => {
  const sum = new Map<string, number>();
  for (const { others } of scans)
    for (const [extension, count] of Object.entries(others))
      sum.set(extension, (sum.get(extension) ?? 0) + count);
  return Object.fromEntries([...sum].toSorted((a, b) => b[1] - a[1]));
};

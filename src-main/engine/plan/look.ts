import { setImmediate as breath } from 'node:timers/promises';
import { extensionOf } from '../../../shared/audio-types.ts';
import type { Launch } from '../../../shared/launch.ts';
import { peekFormat } from '../audio/fingerprint.ts';
import { asLeftOut } from '../ledger/failure-groups.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Library } from '../ledger/libraries.ts';
import { openLedgerForReading } from '../ledger/open.ts';
import type { OpenPlace } from '../ledger/open-places.ts';
import { createLedgerReader, type LedgerReader } from '../ledger/reader.ts';
import type { ScanResult } from '../library/differences.ts';
import { displayPath, toKey } from '../library/paths.ts';
import { pathOnDisk, shownWhole } from '../library/place.ts';
import { UNREACHABLE_REASONS } from '../library/reasons.ts';
import { scanLibrary } from '../library/scan.ts';
import { measuredRate } from './estimate.ts';
import { afterLooking, createCounter, type Counter, type Findings, mergeGroups } from './findings.ts';

export interface LookOptions {
  readonly launch: Launch;
  readonly libraries: readonly Library[];
  /** The archive's row in this ledger. */
  readonly archiveId: number;
  readonly signal: AbortSignal;
  /** How long to look into files at most, in ms: on a slow disk each of them is a journey. */
  readonly lookMs: number;
}

/**
 * Compares the libraries with a ledger that may be written to, and looks into what is new. Ends early when aborted:
 * then the findings are of no use.
 */
export const look = async (ledger: Ledger, options: LookOptions): Promise<Findings> => {
  const { libraries, archiveId } = options;
  const ids = libraries.map(({ id }) => id);
  await giveAnotherChance(ledger, archiveId, ids);
  const scans = new Map<number, ScanResult>();
  for (const library of libraries) scans.set(library.id, await scan(ledger, library, options));

  const looked = await reading(ledger, options.launch, async (reader) => {
    const counter = createCounter();
    const { lookedInto, notLookedInto } = await lookInto(reader.openPlaces(archiveId, ids), counter, options);
    const known = (state: 'skipped' | 'ignored' | 'failed') => reader.failureGroups(state, archiveId, ids, 3);
    return {
      totals: afterLooking(reader.totals(archiveId, ids), counter),
      missing: reader.missing(ids),
      formats: counter.formats(),
      skipped: mergeGroups(
        [...known('skipped'), ...known('ignored').map(asLeftOut)],
        counter.groups('skipped'),
      ),
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
  return {
    ...looked,
    elsewhere: ledger.archives.lastElsewhere(),
    libraries: libraries.map(({ id, path }) => {
      const { leftOut = 0, excluded = 0, reason } = scans.get(id) ?? {};
      const unreachable = reason === undefined ? {} : { unreachable: UNREACHABLE_REASONS[reason] };
      return { path: displayPath(path), leftOut, excluded, ...unreachable };
    }),
    others: sumOfOthers([...scans.values()]),
  };
};

/** What a real run would begin with, for what passes by itself. */
const giveAnotherChance = (ledger: Ledger, archiveId: number, libraryIds: readonly number[]): Promise<void> =>
  ledger.commit(() => {
    ledger.holdings.reopen(archiveId, 'retry');
    for (const libraryId of libraryIds) ledger.tracks.retryFailed(libraryId);
  });

const scan = async (
  ledger: Ledger,
  library: Library,
  { launch, archiveId, signal }: LookOptions,
): Promise<ScanResult> => {
  const runId = await ledger.commit(() => ledger.runs.begin(archiveId, Date.now()));
  return scanLibrary({
    launch,
    ledgerPath: ledger.path,
    library,
    exclusions: ledger.settings.read().exclusions,
    signal,
    onBatch: ({ differences }) =>
      ledger.commit(() => ledger.takeIn(library.id, differences, { runId, archiveId })),
  });
};

const reading = async <T>(
  { path }: Ledger,
  launch: Launch,
  read: (reader: LedgerReader) => Promise<T>,
): Promise<T> => {
  const db = openLedgerForReading(path, launch.sqlFolder('ledger'));
  if (db === undefined) throw new Error('the ledger that was just written is not there');
  try {
    return await read(createLedgerReader(db));
  } finally {
    db.close();
  }
};

/** Whoever shares this thread is not kept waiting for longer. */
const LONGEST_BREATHLESS_MS = 20;

const lookInto = async (
  pages: Iterable<readonly OpenPlace[]>,
  counter: Counter,
  { signal, lookMs }: LookOptions,
): Promise<{ readonly lookedInto: number; readonly notLookedInto: number }> => {
  const end = performance.now() + lookMs;
  let breathed = performance.now();
  let lookedInto = 0;
  let notLookedInto = 0;
  for (const page of pages)
    for (const place of page) {
      if (performance.now() - breathed > LONGEST_BREATHLESS_MS) {
        await breath();
        if (signal.aborted) return { lookedInto, notLookedInto };
        breathed = performance.now();
      }
      if (place.isRead) counter.wanted(formatNameOf(place), place.byteSize);
      else if (performance.now() > end) {
        notLookedInto += 1;
        counter.wanted(formatNameOf(place), place.byteSize);
      } else {
        lookedInto += 1;
        lookAt(place, counter);
      }
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

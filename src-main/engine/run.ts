import type { Launch } from '../../shared/launch.ts';
import type { RunSnapshot, RunSummary, TrackEvent } from '../../shared/run.ts';
import type { ArchiveConnection } from './archive/connect.ts';
import type { Fingerprinter } from './audio/fingerprints.ts';
import { createAdopting } from './adopting.ts';
import { createBookkeeping } from './bookkeeping.ts';
import type { Clock } from './clock.ts';
import { createHindrances } from './hindrances.ts';
import type { Probe } from './kill-points.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Library } from './ledger/libraries.ts';
import { ledgerTrouble } from './ledger/open.ts';
import { createOrders } from './orders.ts';
import { createOwnerLoop } from './owner-loop.ts';
import type { ScanResult } from './library/differences.ts';
import { createReading } from './reading.ts';
import { createRecheck, type RecheckResult } from './recheck.ts';
import { createReporter } from './report.ts';
import { createScanning } from './scanning.ts';
import { createSecondLook } from './second-look.ts';
import { createTelling } from './telling.ts';
import { createPacer } from './pacer.ts';
import { createDispatch } from './transfer/dispatch.ts';
import { createDoubts } from './transfer/doubt.ts';
import { createHeldBytes } from './transfer/held-bytes.ts';
import { createLineCheck } from './transfer/line.ts';
import { createLineLimit } from './transfer/line-limit.ts';
import { createRates } from './transfer/rates.ts';
import { MAINS, type Power, restAt } from './transfer/schedule.ts';
import { prepareArchive } from './prepare-archive.ts';
import { createWakeup } from './wakeup.ts';

export interface RunOptions {
  readonly ledger: Ledger;
  readonly connection: ArchiveConnection;
  readonly libraries: readonly Library[];
  readonly launch: Launch;
  readonly fingerprinter: Fingerprinter;
  readonly clock: Clock;
  readonly probe: Probe;
  /** How many uploads at once; undefined: as the settings say. */
  readonly concurrency?: number | 'auto' | undefined;
  readonly traditional: boolean;
  /** How the computer has its power now, where somebody can tell; {@link Run.reconsider} says that it changed. */
  readonly power?: () => Power;
  /** Goes on after all is done: looks again when asked to, and every so often. */
  readonly watch: boolean;
  /** The Rails archive has songs and this ledger knows none of them: go on all the same. */
  readonly acceptDuplicates: boolean;
  /** Asks the archive again for everything that it said it has, and not only for what it was not asked for in a week. */
  readonly recheck?: boolean;
  /** How long a create without an answer may still make its song; for tests, which cannot wait so long. */
  readonly settledMs?: number;
  readonly onTrack?: (event: TrackEvent) => void;
  /** Where the archive is, for people; its address unless told. */
  readonly place?: string;
  /**
   * Asked once, when the first look through the libraries is over and before anything is sent: may throw where there
   * is no room for so many bytes.
   */
  readonly checkRoom?: (bytesWaiting: number) => Promise<void>;
}

export interface RunResult {
  readonly summary: RunSummary;
  readonly scans: ReadonlyMap<number, ScanResult>;
  /** Undefined: this archive cannot tell what it has. */
  readonly recheck?: RecheckResult;
  /** Ended by {@link Run.drain} or {@link Run.stop}, and not because all was done. */
  readonly interrupted: boolean;
}

export interface Run {
  readonly snapshot: () => RunSnapshot;
  /** Looks at a library again; for the watcher. */
  readonly rescan: (libraryId: number) => void;
  /** The owner itself wrote settings, gave what failed another chance, or has its power in another way. */
  readonly reconsider: () => void;
  /** Finishes what is under way, then ends. */
  readonly drain: () => void;
  /** Ends at once; everything that was answered is kept. */
  readonly stop: () => void;
  /** Rejects with what made going on impossible; what was done until then is kept. */
  readonly done: Promise<RunResult>;
}

/** Bytes of small files kept between being hashed and being sent. */
const HELD_BYTES = 24 * 1024 * 1024;

/**
 * One run: its parts, put together. The owner loop (owner-loop.ts) decides what is started next.
 */
export const startRun = async (options: RunOptions): Promise<Run> => {
  const { ledger, connection, libraries, clock, probe, power = () => MAINS } = options;
  const libraryIds = libraries.map(({ id }) => id);
  const began = clock.monotonic();
  const archive = await prepareArchive(options);
  const runId = await ledger.commit(() => ledger.runs.begin(archive.id, clock.now()));

  const abort = new AbortController();
  const { signal } = abort;
  const { wake, wait } = createWakeup(clock);
  let failure: { readonly error: unknown } | undefined;
  const stopOn = (thrown: unknown): void => {
    failure ??= { error: ledgerTrouble(ledger.path, thrown) };
    abort.abort();
    wake();
  };

  /** Whoever waits for an answer that does not come is set free as well. */
  const stopAtOnce = (): void => {
    abort.abort();
    connection.http.dropConnections();
  };

  const orders = createOrders({
    ledger,
    libraryIds,
    onExclusions: () => owner.rescan(),
    onChange: () => dispatch.reconsider(),
  });
  const { settings } = orders;
  const report = createReporter(options.onTrack);
  const held = createHeldBytes(HELD_BYTES);
  const rates = createRates(clock.monotonic);
  const hindrances = createHindrances({
    clock,
    checkLine: createLineCheck(connection),
    dropConnections: connection.http.dropConnections,
    wake,
    stopOn,
    signal,
    rest: () => restAt(settings(), clock.now(), power()),
    endsByItself: !options.watch,
    isSuspended: () => power().suspended,
    isMoving: () => dispatch.isMoving(),
  });
  const concurrency = (): number | 'auto' => options.concurrency ?? settings().concurrency;
  const pacer = createPacer({ concurrency, kind: connection.kind, clock, rates });
  const books = createBookkeeping({ ledger, clock, archiveId: archive.id, libraryIds });
  const common = { ledger, clock, probe, runId, archiveId: archive.id, signal, wake, stopOn };

  const dispatch = createDispatch(
    {
      ...common,
      connection,
      manners: archive.manners,
      findSong: archive.findSong,
      libraryIds,
      reachable: () => scanning.reachable(),
      held,
      fits: pacer.fits,
      doubts: createDoubts(clock.monotonic, options.settledMs),
      lineLimit: createLineLimit(clock, () => settings().lineLimit),
      onExpired: pacer.ranOut,
      onForgotten: (holdingId) => {
        dispatch.reconsiderBefore(holdingId);
        void recheck?.everything().catch(stopOn);
      },
      onBytes: (bytes) => {
        rates.add(bytes, 0);
        books.sent(bytes, 0);
      },
      onArchived: books.archived,
      onTrouble: hindrances.onTrouble,
      reread: (track) => reading.lookAgain(track),
      onLanded: (_holding, track, landing, seconds) => {
        rates.add(0, 1);
        if (landing === 'sent') books.sent(0, 1);
        hindrances.landed();
        report.track(track, { outcome: landing === 'sent' ? 'archived' : 'already_archived', seconds });
        reading.checkLater(track);
      },
      onFailed: (track, { final, ...told }) =>
        report.track(track, { outcome: final ? 'failed' : 'retry', ...told }),
    },
    pacer.slots(),
  );
  const scanning = createScanning({
    ...common,
    launch: options.launch,
    exclusions: () => settings().exclusions,
    isPatient: options.watch,
    report,
    libraries,
    onBack: dispatch.reconsider,
  });
  const reading = createReading({
    ...common,
    fingerprinter: options.fingerprinter,
    held,
    report,
    libraryIds: scanning.reachable,
    ahead: dispatch.ahead,
    wanted: dispatch.reconsiderBefore,
    onArchived: ({ byteSize }) => books.archived({ tracks: 1, bytes: byteSize }),
    onUnrest: () => secondLook.unrest(),
    suspect: scanning.stillThere,
  });

  const recheck = archive.manners.known
    ? createRecheck({
        ...common,
        connection,
        libraryIds,
        all: options.recheck === true,
        report,
        reopened: dispatch.reconsiderBefore,
        onTrouble: hindrances.onTrouble,
      })
    : undefined;

  const adopting = createAdopting({ ...common, libraryIds });
  const secondLook = createSecondLook(clock);
  const telling = createTelling({
    ...common,
    libraryIds,
    rates,
    settings,
    gate: hindrances.gate,
    isScanning: scanning.busy,
    looked: scanning.looked,
    inFlight: dispatch.inFlight,
    began,
  });

  const owner = createOwnerLoop({
    ...common,
    libraryIds,
    watch: options.watch,
    checkRoom: options.checkRoom,
    power,
    dropConnections: connection.http.dropConnections,
    stopAtOnce,
    wait,
    orders,
    books,
    adopting,
    secondLook,
    hindrances,
    pacer,
    dispatch,
    scanning,
    reading,
    recheck,
  });

  const work = async (): Promise<RunResult> => {
    try {
      owner.rescan();
      adopting.start();
      await owner.work();
    } catch (error) {
      stopOn(error);
    }
    const interrupted = owner.isDraining() || (signal.aborted && failure === undefined);
    abort.abort();
    dispatch.holdBack(false);
    await settled(
      () => dispatch.busy() || reading.inHand() || scanning.busy() || (recheck?.busy() ?? false),
      clock,
    );
    if (failure !== undefined) await endQuietly(ledger, runId, clock);
    else {
      await books.close();
      await ledger.commit(() => ledger.runs.end(runId, clock.now()));
    }
    probe('run_ended');
    if (failure !== undefined) throw failure.error;
    return {
      summary: telling.summary(),
      scans: scanning.results(),
      interrupted,
      ...(recheck === undefined ? {} : { recheck: recheck.result() }),
    };
  };

  return {
    snapshot: telling.snapshot,
    rescan: scanning.request,
    reconsider: () => {
      orders.tell();
      wake();
    },
    drain: hindrances.drain,
    stop: () => {
      hindrances.drain();
      stopAtOnce();
      wake();
    },
    done: work(),
  };
};

/** The run failed already; that its end cannot be kept either adds nothing to what is told. */
const endQuietly = async (ledger: Ledger, runId: number, clock: Clock): Promise<void> => {
  try {
    await ledger.commit(() => ledger.runs.end(runId, clock.now()));
  } catch {
    return;
  }
};

/** What was aborted takes a moment to let go. */
const settled = async (busy: () => boolean, clock: Clock): Promise<void> => {
  while (busy()) await clock.sleep(5);
};

import { isDeepStrictEqual } from 'node:util';
import type { Launch } from '../../shared/launch.ts';
import type { Gate, RunSnapshot, RunSummary, TrackEvent } from '../../shared/run.ts';
import type { ArchiveConnection } from './archive/connect.ts';
import type { Fingerprinter } from './audio/fingerprints.ts';
import { createBookkeeping } from './bookkeeping.ts';
import type { Clock } from './clock.ts';
import { createHindrances } from './hindrances.ts';
import type { Probe } from './kill-points.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Library } from './ledger/libraries.ts';
import { ledgerTrouble } from './ledger/open.ts';
import { obeyInbox } from './ledger/obey.ts';
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
const RESCAN_MS = 10 * 60_000;
/** The longest the owner loop sleeps: it also looks into the inbox. */
const LOOK_MS = 1_000;

/**
 * One run, in one owner loop: everything that happens only wakes it, and it decides what is started next from what
 * the ledger shows.
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
  let draining = false;
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

  let settings = ledger.settings.read();
  const rescan = (): void => {
    for (const id of libraryIds) scanning.request(id);
  };
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
    rest: () => restAt(settings, clock.now(), power()),
    endsByItself: !options.watch,
    isSuspended: () => power().suspended,
    isMoving: () => dispatch.isMoving(),
  });
  const concurrency = (): number | 'auto' => options.concurrency ?? settings.concurrency;
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
      lineLimit: createLineLimit(clock, () => settings.lineLimit),
      onExpired: pacer.ranOut,
      onForgotten: (holdingId) => {
        dispatch.reconsiderBefore(holdingId);
        void recheck?.everything().catch(stopOn);
      },
      onBytes: (bytes) => {
        rates.add(bytes, 0);
        books.sent(bytes, 0);
      },
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
    exclusions: () => settings.exclusions,
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

  let allForgotten = false;
  let told = false;
  const lookIntoInbox = async (): Promise<void> => {
    if (!told && ledger.inbox.isEmpty()) return;
    told = false;
    await ledger.commit(() => {
      obeyInbox(ledger);
    });
    const before = settings;
    settings = ledger.settings.read();
    if (!isDeepStrictEqual(before.exclusions, settings.exclusions)) rescan();
    const known = new Set(ledger.libraries.all().map(({ id }) => id));
    allForgotten = !libraryIds.some((id) => known.has(id));
    dispatch.reconsider();
  };

  /** Contents that were read for another archive, or by an earlier version of the work, are wanted here too. */
  const adopt = async (): Promise<void> => {
    if (ledger.totals(archive.id, libraryIds).waiting === 0) return;
    for (const libraryId of libraryIds)
      for (let after: number | undefined = 0; after !== undefined && !signal.aborted;) {
        const from: number = after;
        after = await ledger.commit(() => ledger.holdings.adopt(archive.id, libraryId, from, 2_000));
        wake();
      }
  };
  let adopting = true;

  const secondLook = createSecondLook(clock);
  /** Before it is said that all is done: true when there is another look to wait for. */
  const looksAgain = (): boolean => {
    if (!secondLook.isDue()) return false;
    rescan();
    return true;
  };

  const rechecking = (): boolean => recheck?.busy() ?? false;
  const nothingUnderWay = (): boolean =>
    !dispatch.busy() && !reading.busy() && !scanning.busy() && !rechecking();

  /** Milliseconds until there may be something to do again; undefined when all is done. */
  const untilNext = (gateOpen: boolean): number | undefined => {
    if (!nothingUnderWay() || adopting) return LOOK_MS;
    if (!gateOpen)
      return dispatch.ahead(1) > 0 || reading.next() !== undefined || dispatch.nextDue() !== undefined
        ? LOOK_MS
        : undefined;
    const times = [dispatch.nextDue(), reading.next()].filter((time) => time !== undefined);
    if (times.length === 0) return undefined;
    return Math.max(5, Math.min(LOOK_MS, Math.min(...times) - clock.now()));
  };

  const telling = createTelling({
    ...common,
    libraryIds,
    rates,
    settings: () => settings,
    gate: hindrances.gate,
    isScanning: scanning.busy,
    inFlight: dispatch.inFlight,
    began,
  });

  const loop = async (): Promise<void> => {
    let nextScan = clock.monotonic() + RESCAN_MS;
    let cleared = options.checkRoom === undefined;
    /** Somebody rests, and what was under way has been broken off. */
    let interrupted = false;
    let wasSuspended = false;
    for (;;) {
      await lookIntoInbox();
      await books.look();
      const gate = hindrances.gate();
      draining = gate.reason === 'stopping';
      if (draining && gate.state === 'closed') stopAtOnce();
      const ending = draining || signal.aborted;
      const { suspended } = power();
      const resting = isRest(gate) || suspended;
      if (resting && gate.state === 'closed' && !interrupted) dispatch.interrupt();
      interrupted = resting && gate.state === 'closed';
      // What a connection was before the sleep says nothing about what it is after it, nor does the disk.
      if (suspended !== wasSuspended) connection.http.dropConnections();
      if (wasSuspended && !suspended) rescan();
      wasSuspended = suspended;
      dispatch.holdBack((gate.state === 'closed' || resting) && !ending);
      if (!ending && !suspended) reading.fill();
      if (!cleared && !scanning.busy()) {
        await options.checkRoom?.(ledger.totals(archive.id, libraryIds).bytesWaiting);
        cleared = true;
      }
      if (cleared && gate.state === 'open' && !signal.aborted && (recheck?.askedNewest() ?? true))
        dispatch.fill();
      dispatch.setSlots(pacer.adjust({ busy: dispatch.full(), troubles: hindrances.takeTroubles }));
      if (ending) {
        if (!dispatch.busy() && (signal.aborted || !reading.inHand())) return;
        await wait(LOOK_MS);
        continue;
      }
      const pause = untilNext(gate.state === 'open');
      if (pause === undefined) await books.rest();
      if (pause === undefined && allForgotten) return;
      if (pause === undefined && !options.watch && looksAgain()) continue;
      const asksAgain = pause === undefined && gate.state === 'open' && (recheck?.begin() ?? false);
      if (pause === undefined && !asksAgain && !options.watch) return;
      if (options.watch && clock.monotonic() >= nextScan) {
        nextScan = clock.monotonic() + RESCAN_MS;
        rescan();
        // A run that never ends is its own next one.
        await ledger.commit(() => ledger.holdings.reopen(archive.id, 'retry'));
        dispatch.reconsider();
        recheck?.again();
      }
      await wait(pause ?? LOOK_MS);
    }
  };

  const work = async (): Promise<RunResult> => {
    try {
      rescan();
      void adopt()
        .catch(stopOn)
        .finally(() => {
          adopting = false;
          wake();
        });
      await loop();
    } catch (error) {
      stopOn(error);
    }
    const interrupted = draining || (signal.aborted && failure === undefined);
    abort.abort();
    dispatch.holdBack(false);
    await settled(() => dispatch.busy() || reading.inHand() || scanning.busy() || rechecking(), clock);
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
      told = true;
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

/** Nobody wishes anything to be sent, which is nobody's trouble. */
const isRest = ({ reason }: Gate): boolean =>
  reason === 'paused' || reason === 'night' || reason === 'battery';

/** What was aborted takes a moment to let go. */
const settled = async (busy: () => boolean, clock: Clock): Promise<void> => {
  while (busy()) await clock.sleep(5);
};

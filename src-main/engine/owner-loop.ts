import type { Gate } from '../../shared/run.ts';
import type { Adopting } from './adopting.ts';
import type { Bookkeeping } from './bookkeeping.ts';
import type { Clock } from './clock.ts';
import type { Hindrances } from './hindrances.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Orders } from './orders.ts';
import type { Pacer } from './pacer.ts';
import type { Reading } from './reading.ts';
import type { Recheck } from './recheck.ts';
import type { Scanning } from './scanning.ts';
import type { SecondLook } from './second-look.ts';
import type { Dispatch } from './transfer/dispatch.ts';
import type { Power } from './transfer/schedule.ts';

const RESCAN_MS = 10 * 60_000;
/** The longest the owner loop sleeps: it also looks into the inbox. */
const LOOK_MS = 1_000;

/** Everything that happens only wakes it, and it decides what is started next from what the ledger shows. */
export interface OwnerLoop {
  /** Resolves when the run is at its end. */
  readonly work: () => Promise<void>;
  /** Somebody asked for the end, and what is under way may finish. */
  readonly isDraining: () => boolean;
  readonly rescan: () => void;
}

export const createOwnerLoop = (deps: {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly archiveId: number;
  readonly libraryIds: readonly number[];
  readonly watch: boolean;
  readonly checkRoom: ((bytesWaiting: number) => Promise<void>) | undefined;
  readonly power: () => Power;
  readonly dropConnections: () => void;
  readonly stopAtOnce: () => void;
  readonly signal: AbortSignal;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly orders: Orders;
  readonly books: Bookkeeping;
  readonly adopting: Adopting;
  readonly secondLook: SecondLook;
  readonly hindrances: Hindrances;
  readonly pacer: Pacer;
  readonly dispatch: Dispatch;
  readonly scanning: Scanning;
  readonly reading: Reading;
  readonly recheck: Recheck | undefined;
}): OwnerLoop => {
  const { ledger, clock, archiveId, libraryIds, watch, power, signal, wait } = deps;
  const { orders, books, secondLook, hindrances, pacer, dispatch, scanning, reading, recheck } = deps;
  let draining = false;
  /** Somebody rests, and what was under way has been broken off. */
  let interrupted = false;
  let wasSuspended = false;

  const rescan = (): void => {
    for (const id of libraryIds) scanning.request(id);
  };

  /** Before it is said that all is done: true when there is another look to wait for. */
  const looksAgain = (): boolean => {
    if (!secondLook.isDue()) return false;
    rescan();
    return true;
  };

  const nothingUnderWay = (): boolean =>
    !dispatch.busy() && !reading.busy() && !scanning.busy() && !(recheck?.busy() ?? false);

  /** Milliseconds until there may be something to do again; undefined when all is done. */
  const untilNext = (gateOpen: boolean): number | undefined => {
    if (!nothingUnderWay() || deps.adopting.busy()) return LOOK_MS;
    if (!gateOpen)
      return dispatch.ahead(1) > 0 || reading.next() !== undefined || dispatch.nextDue() !== undefined
        ? LOOK_MS
        : undefined;
    const times = [dispatch.nextDue(), reading.next()].filter((time) => time !== undefined);
    if (times.length === 0) return undefined;
    return Math.max(5, Math.min(LOOK_MS, Math.min(...times) - clock.now()));
  };

  /** What rests and sleep mean for what is under way. */
  const rest = (gate: Gate, ending: boolean): void => {
    const { suspended } = power();
    const resting = isRest(gate) || suspended;
    if (resting && gate.state === 'closed' && !interrupted) dispatch.interrupt();
    interrupted = resting && gate.state === 'closed';
    // What a connection was before the sleep says nothing about what it is after it, nor does the disk.
    if (suspended !== wasSuspended) deps.dropConnections();
    if (wasSuspended && !suspended) rescan();
    wasSuspended = suspended;
    dispatch.holdBack((gate.state === 'closed' || resting) && !ending);
    if (!ending && !suspended) reading.fill();
  };

  const work = async (): Promise<void> => {
    let nextScan = clock.monotonic() + RESCAN_MS;
    let cleared = deps.checkRoom === undefined;
    for (;;) {
      await orders.look();
      await books.look();
      const gate = hindrances.gate();
      draining = gate.reason === 'stopping';
      if (draining && gate.state === 'closed') deps.stopAtOnce();
      const ending = draining || signal.aborted;
      rest(gate, ending);
      if (!cleared && !scanning.busy()) {
        await deps.checkRoom?.(ledger.totals(archiveId, libraryIds).bytesWaiting);
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
      if (pause === undefined && orders.allForgotten()) return;
      if (pause === undefined && !watch && looksAgain()) continue;
      const asksAgain = pause === undefined && gate.state === 'open' && (recheck?.begin() ?? false);
      if (pause === undefined && !asksAgain && !watch) return;
      if (watch && clock.monotonic() >= nextScan) {
        nextScan = clock.monotonic() + RESCAN_MS;
        rescan();
        // A run that never ends is its own next one.
        await ledger.commit(() => ledger.holdings.reopen(archiveId, 'retry'));
        dispatch.reconsider();
        recheck?.again();
      }
      await wait(pause ?? LOOK_MS);
    }
  };

  return { work, isDraining: () => draining, rescan };
};

/** Nobody wishes anything to be sent, which is nobody's trouble. */
const isRest = ({ reason }: Gate): boolean =>
  reason === 'paused' || reason === 'night' || reason === 'battery';

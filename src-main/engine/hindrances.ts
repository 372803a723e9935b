import type { Gate } from '../../shared/run.ts';
import type { Clock } from './clock.ts';
import { EngineError } from './errors.ts';
import { backoffMs } from './transfer/backoff.ts';
import type { Verdict } from './transfer/failure.ts';
import { DRAIN_MS, gate, type Conditions } from './transfer/gate.ts';
import type { LineCheck } from './transfer/line.ts';
import type { Rest } from './transfer/schedule.ts';

/** What keeps files from being sent, beyond single files: asked by the owner loop through the gate. */
export interface Hindrances {
  readonly gate: () => Gate;
  /** What a failed flight means for all. Resolves to whether the file itself is to blame. */
  readonly onTrouble: (verdict: Verdict, holdingId?: number) => Promise<boolean>;
  /** A file arrived: the archive has room. */
  readonly landed: () => void;
  readonly drain: () => void;
  /** Troubles since the last call. */
  readonly takeTroubles: () => number;
}

/** A night and a morning, offline or full: after that nobody waits for this run any more. */
const LONGEST_WAIT_MS = 12 * 3_600_000;

/** Single files may be too large for what is left; more than so many in a row, and the archive is full. */
const MOST_WITHOUT_ROOM = 3;
/** The longest that a look at the line takes. */
const LOOK_MS = 120_000;

export class ArchiveFullError extends EngineError {
  readonly code = 'archive_full';
  constructor(message: string) {
    super(`${message} It stayed so for hours; make room there, and start again to go on.`);
  }
}

export const createHindrances = (deps: {
  readonly clock: Clock;
  readonly checkLine: LineCheck;
  readonly dropConnections: () => void;
  readonly wake: () => void;
  readonly stopOn: (error: unknown) => void;
  readonly signal: AbortSignal;
  /** What a person's settings say about this moment. */
  readonly rest: () => Rest | undefined;
  /** Nobody waits for the end of a run that goes on until somebody ends it: it waits as long as it takes. */
  readonly endsByItself: boolean;
  readonly isSuspended: () => boolean;
  /** Whether any file is being sent. */
  readonly isMoving: () => boolean;
}): Hindrances => {
  const { clock, signal } = deps;
  const longestWaitMs = deps.endsByItself ? LONGEST_WAIT_MS : Number.POSITIVE_INFINITY;
  let conditions: Conditions = {};
  let troubles = 0;
  let offlineSince: number | undefined;
  let fullSince: number | undefined;
  /** Files that found no room since the last one did. */
  const noRoomFor = new Set<number>();

  const waitForRoom = (message: string, milliseconds: number): void => {
    const now = clock.monotonic();
    fullSince ??= now;
    if (now - fullSince > longestWaitMs) deps.stopOn(new ArchiveFullError(message));
    conditions = { ...conditions, full: { message, nextTry: now + milliseconds } };
  };

  const setOffline = (message: string, milliseconds: number): void => {
    const nextTry = clock.monotonic() + milliseconds;
    // Only a good look opens the gate, and that takes as long as the archive's answer does.
    conditions = { ...conditions, offline: { message, nextTry, until: nextTry + LOOK_MS } };
  };

  /** Looks again and again, ever less often, until the archive answers. */
  const waitForLine = async (first: EngineError): Promise<void> => {
    const since = clock.monotonic();
    offlineSince = since;
    let error: EngineError | undefined = first;
    for (let tries = 1; error !== undefined && !signal.aborted; tries += 1) {
      if (clock.monotonic() - since > longestWaitMs) return deps.stopOn(error);
      const pause = backoffMs(tries, Math.random());
      setOffline(`${error.message} It continues by itself.`, pause);
      deps.dropConnections();
      await clock.sleep(pause, signal);
      error = await deps.checkLine();
    }
    offlineSince = undefined;
    const { offline: _over, ...rest } = conditions;
    conditions = rest;
    deps.wake();
  };

  const checkLine = async (): Promise<boolean> => {
    if (offlineSince !== undefined) return false;
    const error = await deps.checkLine();
    if (error === undefined) return true;
    if (offlineSince === undefined) void waitForLine(error).catch(deps.stopOn);
    return false;
  };

  let drainRestUntil: number | undefined;
  /** People rest by the time of day; how long what is under way may take is measured by the clock that never jumps. */
  const resting = (now: number): Pick<Conditions, 'resting'> => {
    const rest = deps.rest();
    drainRestUntil = rest === undefined ? undefined : (drainRestUntil ?? now + DRAIN_MS);
    if (rest === undefined || drainRestUntil === undefined) return {};
    const { reason, until } = rest;
    // Those that only stand in line for their upload are not waited for.
    const drainUntil = deps.isMoving() ? drainRestUntil : now;
    return {
      resting: { reason, drainUntil, ...(until === undefined ? {} : { until: now + until - clock.now() }) },
    };
  };

  return {
    // Waits are kept by the clock that never jumps; people are told the time of day.
    gate: () => {
      const now = clock.monotonic();
      const { nextChange, ...rest } = gate(
        { ...conditions, ...resting(now), isSuspended: deps.isSuspended() },
        now,
      );
      return nextChange === undefined
        ? rest
        : { ...rest, nextChange: Math.round(clock.now() + nextChange - now) };
    },
    landed: () => {
      fullSince = undefined;
      noRoomFor.clear();
    },
    drain: () => {
      conditions = { ...conditions, drainUntil: conditions.drainUntil ?? clock.monotonic() + DRAIN_MS };
      deps.wake();
    },
    takeTroubles: () => {
      const seen = troubles;
      troubles = 0;
      return seen;
    },
    onTrouble: async (verdict, holdingId) => {
      switch (verdict.kind) {
        case 'check_line':
          troubles += 1;
          return checkLine();
        case 'wait': {
          troubles += 1;
          if (verdict.reason === 'archive_full') {
            waitForRoom(verdict.message, verdict.milliseconds);
            return false;
          }
          const nextTry = clock.monotonic() + verdict.milliseconds;
          conditions = { ...conditions, busy: { message: verdict.message, nextTry } };
          return false;
        }
        case 'no_room':
          troubles += 1;
          if (holdingId !== undefined) noRoomFor.add(holdingId);
          if (noRoomFor.size <= MOST_WITHOUT_ROOM) return true;
          waitForRoom(verdict.message, verdict.milliseconds);
          return false;
        case 'retry':
          troubles += 1;
          return true;
        case 'new_ticket':
        case 'look_again':
        case 'give_up':
        case 'reread':
        case 'stop':
          return true;
      }
    },
  };
};

import type { Gate } from '../../shared/run.ts';
import type { Clock } from './clock.ts';
import type { EngineError } from './errors.ts';
import { backoffMs } from './transfer/backoff.ts';
import type { Verdict } from './transfer/failure.ts';
import { DRAIN_MS, gate, type Conditions } from './transfer/gate.ts';
import type { LineCheck } from './transfer/line.ts';

/** What keeps files from being sent, beyond single files: asked by the owner loop through the gate. */
export interface Hindrances {
  readonly gate: () => Gate;
  /** What a failed flight means for all. Resolves to whether the file itself is to blame. */
  readonly onTrouble: (verdict: Verdict) => Promise<boolean>;
  readonly drain: () => void;
  /** Troubles since the last call. */
  readonly takeTroubles: () => number;
}

/** A night and a morning: after that nobody waits for this run any more. */
const LONGEST_OFFLINE_MS = 12 * 3_600_000;

export const createHindrances = (deps: {
  readonly clock: Clock;
  readonly checkLine: LineCheck;
  readonly dropConnections: () => void;
  readonly wake: () => void;
  readonly stopOn: (error: unknown) => void;
  readonly signal: AbortSignal;
}): Hindrances => {
  const { clock, signal } = deps;
  let conditions: Conditions = {};
  let troubles = 0;
  let offlineSince: number | undefined;

  const setOffline = (message: string, milliseconds: number): void => {
    conditions = { ...conditions, offline: { message, nextTry: clock.monotonic() + milliseconds } };
  };

  /** Looks again and again, ever less often, until the archive answers. */
  const waitForLine = async (first: EngineError): Promise<void> => {
    const since = clock.monotonic();
    offlineSince = since;
    let error: EngineError | undefined = first;
    for (let tries = 1; error !== undefined && !signal.aborted; tries += 1) {
      if (clock.monotonic() - since > LONGEST_OFFLINE_MS) return deps.stopOn(error);
      const pause = backoffMs(tries, Math.random());
      // The gate stays shut a little longer than the pause: only a good look opens it.
      setOffline(`${error.message} It continues by itself.`, pause + 120_000);
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

  return {
    // Waits are kept by the clock that never jumps; people are told the time of day.
    gate: () => {
      const now = clock.monotonic();
      const { nextChange, ...rest } = gate(conditions, now);
      return nextChange === undefined
        ? rest
        : { ...rest, nextChange: Math.round(clock.now() + nextChange - now) };
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
    onTrouble: async (verdict) => {
      switch (verdict.kind) {
        case 'check_line':
          troubles += 1;
          return checkLine();
        case 'wait': {
          troubles += 1;
          const hindrance = { message: verdict.message, nextTry: clock.monotonic() + verdict.milliseconds };
          conditions = { ...conditions, [verdict.reason === 'archive_full' ? 'full' : 'busy']: hindrance };
          return false;
        }
        case 'retry':
          troubles += 1;
          return true;
        case 'new_ticket':
        case 'give_up':
        case 'reread':
        case 'stop':
          return true;
      }
    },
  };
};

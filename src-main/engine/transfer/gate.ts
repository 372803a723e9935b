import type { Gate, GateReason } from '../../../shared/run.ts';
import type { RestReason } from './schedule.ts';

/** Everything that decides whether files may be sent now. All times are of one clock, in ms. */
export interface Conditions {
  /** Somebody asked the run to end: what is under way may finish until this time. */
  readonly drainUntil?: number;
  /** The computer is about to sleep, or asleep. */
  readonly isSuspended?: boolean;
  readonly resting?: Resting;
  readonly offline?: Hindrance;
  readonly busy?: Hindrance;
  readonly full?: Hindrance;
}

/** Something at the other end that passes by itself. */
export interface Hindrance {
  readonly message: string;
  readonly nextTry: number;
  /** When it is no hindrance any more by itself; at the next try unless told. */
  readonly until?: number;
}

/** Somebody does not want anything to be sent now: what is under way may finish until `drainUntil`. */
export interface Resting {
  readonly reason: RestReason;
  readonly drainUntil: number;
  readonly until?: number;
}

/** Draining lasts at most this long, then what is left is stopped. */
export const DRAIN_MS = 5 * 60_000;

/** The one place that decides whether files may be sent. */
export const gate = (conditions: Conditions, now: number): Gate => {
  const { drainUntil, isSuspended = false, resting, offline, full, busy } = conditions;
  if (drainUntil !== undefined)
    return now < drainUntil
      ? {
          state: 'draining',
          reason: 'stopping',
          message: 'Finishing what is under way',
          nextChange: drainUntil,
        }
      : { state: 'closed', reason: 'stopping', message: 'Stopping' };
  if (isSuspended) return { state: 'closed', message: 'This computer is asleep' };
  if (resting !== undefined) {
    const { reason, until } = resting;
    return {
      state: now < resting.drainUntil ? 'draining' : 'closed',
      reason,
      ...(until === undefined ? {} : { nextChange: until }),
    };
  }
  return (
    closedBy('offline', offline, now) ??
    closedBy('archive_full', full, now) ??
    closedBy('archive_busy', busy, now) ?? { state: 'open' }
  );
};

const closedBy = (reason: GateReason, hindrance: Hindrance | undefined, now: number): Gate | undefined => {
  if (hindrance === undefined) return undefined;
  const { message, nextTry, until = nextTry } = hindrance;
  if (now >= until) return undefined;
  return { state: 'closed', reason, message, ...(now < nextTry ? { nextChange: nextTry } : {}) };
};

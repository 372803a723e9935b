import type { Gate, GateReason } from '../../../shared/run.ts';

/** Everything that decides whether files may be sent now. All times are of one clock, in ms. */
export interface Conditions {
  /** Somebody asked the run to end: what is under way may finish until this time. */
  readonly drainUntil?: number;
  readonly offline?: Hindrance;
  readonly busy?: Hindrance;
  readonly full?: Hindrance;
}

/** Something at the other end that passes by itself. */
export interface Hindrance {
  readonly message: string;
  readonly nextTry: number;
}

/** Draining lasts at most this long, then what is left is stopped. */
export const DRAIN_MS = 5 * 60_000;

/** The one place that decides whether files may be sent. */
export const gate = (conditions: Conditions, now: number): Gate => {
  const { drainUntil, offline, full, busy } = conditions;
  if (drainUntil !== undefined)
    return now < drainUntil
      ? {
          state: 'draining',
          reason: 'stopping',
          message: 'Finishing what is under way',
          nextChange: drainUntil,
        }
      : { state: 'closed', reason: 'stopping', message: 'Stopping' };
  return (
    closedBy('offline', offline, now) ??
    closedBy('archive_full', full, now) ??
    closedBy('archive_busy', busy, now) ?? { state: 'open' }
  );
};

const closedBy = (reason: GateReason, hindrance: Hindrance | undefined, now: number): Gate | undefined =>
  hindrance !== undefined && now < hindrance.nextTry
    ? { state: 'closed', reason, message: hindrance.message, nextChange: hindrance.nextTry }
    : undefined;

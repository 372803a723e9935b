import type { Settings } from '../../../shared/settings.ts';
import { nightAfter, nightAt, type Span } from './calendar.ts';

export type Hours = Pick<Settings, 'pause' | 'nightWindow'>;

/** In which files may go: the part of a night that is still to come. */
export interface OpenTime extends Span {
  readonly night: Span;
}

/** The longest that is looked ahead: who needs more has other questions than the hour. */
const MOST_NIGHTS = 1_000;

/** When files may go from now on, night by night. A pause without an end is taken to end now. */
export function* timesFrom(now: number, { pause, nightWindow }: Hours): Generator<OpenTime> {
  const start = Math.max(now, pause?.until ?? now);
  let night = nightAt(start, nightWindow);
  for (let i = 0; i < MOST_NIGHTS; i += 1) {
    yield { from: Math.max(start, night.from), to: night.to, night };
    night = nightAfter(night, nightWindow);
  }
}

/** When work that takes so long is done; undefined while that cannot be told, as in a pause without an end. */
export const endsAt = (now: number, milliseconds: number | undefined, hours: Hours): number | undefined => {
  if (milliseconds === undefined || (hours.pause !== null && hours.pause.until === null)) return undefined;
  let left = milliseconds;
  for (const { from, to } of timesFrom(now, hours)) {
    if (left <= to - from) return from + left;
    left -= to - from;
  }
  return undefined;
};

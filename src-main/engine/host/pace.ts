import type { Pace } from '../../../shared/bridge/pace.ts';
import type { PaceReader } from '../ledger/pace.ts';

/** A curve needs no more points than a screen shows. */
const MOST_STEPS = 200;
const MINUTES = [1, 2, 5, 10, 15, 30, 60];
const MINUTE_MS = 60_000;

/** What was sent in the last hours, in steps of whole minutes of the clock; the last one is under way. */
export const paceOf = (
  pace: Pick<PaceReader, 'since'>,
  archiveId: number | undefined,
  hours: number,
  now: number,
): Pace => {
  const stepMs = (MINUTES.find((minutes) => (hours * 60) / minutes <= MOST_STEPS) ?? 60) * MINUTE_MS;
  const steps = Math.ceil((hours * 60 * MINUTE_MS) / stepMs);
  const from = (Math.floor(now / stepMs) - steps + 1) * stepMs;
  const bytes = Array.from({ length: steps }, () => 0);
  const tracks = Array.from({ length: steps }, () => 0);
  const minutes = archiveId === undefined ? [] : pace.since(archiveId, from);
  for (const { minute, bytesSent, tracksSent } of minutes) {
    const step = Math.floor((minute * MINUTE_MS - from) / stepMs);
    // A clock that was put back has minutes to come.
    if (step >= steps) continue;
    bytes[step] = (bytes[step] ?? 0) + bytesSent;
    tracks[step] = (tracks[step] ?? 0) + tracksSent;
  }
  return { from, stepMs, bytes, tracks };
};

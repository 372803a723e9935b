export const MIN_SLOTS = 1;
export const MAX_SLOTS = 50;
const FIRST_SLOTS = 8;

/** What the last few seconds showed. */
export interface Observation {
  readonly bytesPerSecond: number;
  readonly filesPerSecond: number;
  /** Broken connections, refusals for load, slow answers. */
  readonly troubles: number;
  /** Whether every slot was busy: otherwise more of them would change nothing. */
  readonly busy: boolean;
}

export interface Pace {
  readonly slots: number;
  readonly best: number;
  readonly step: number;
}

export const firstPace: Pace = { slots: FIRST_SLOTS, best: 0, step: 2 };

/**
 * How many files to send at once, found by trying: more as long as that brings more, back when it does not, and
 * well back when the archive or the line shows trouble.
 */
export const nextPace = (pace: Pace, seen: Observation): Pace => {
  if (seen.troubles > 0) return { slots: within(Math.floor(pace.slots / 2)), best: 0, step: 2 };
  if (!seen.busy) return pace;
  // Small files are bound by their number, large ones by their bytes: 100 KB stand for what a file costs besides.
  const rate = seen.bytesPerSecond + seen.filesPerSecond * 100_000;
  if (rate > pace.best * 1.05)
    return { slots: within(pace.slots + pace.step), best: rate, step: Math.abs(pace.step) };
  if (rate < pace.best * 0.8) return { slots: within(pace.slots - 2), best: rate, step: 2 };
  return { ...pace, best: Math.max(pace.best * 0.99, rate) };
};

const within = (slots: number): number => Math.min(MAX_SLOTS, Math.max(MIN_SLOTS, slots));

/** Upload addresses of the Rails archive are checked after the last byte, five minutes after they were made. */
const TICKET_SECONDS = 240;

/**
 * How many slots at most, so that a file of this size passes within its ticket's life at the rate that the line gives
 * in all. Undefined while the rate is unknown; 0 when it cannot pass even alone.
 */
export const slotsForSize = (byteSize: number, bytesPerSecond: number): number | undefined => {
  if (bytesPerSecond <= 0) return undefined;
  return Math.floor((bytesPerSecond * TICKET_SECONDS) / byteSize);
};

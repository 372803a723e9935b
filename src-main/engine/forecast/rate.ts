import type { MinuteDone } from '../ledger/pace.ts';

/** What goes over the line in a second while files may go. */
export interface Rate {
  readonly bytes: number;
  readonly tracks: number;
}

/** So many minutes of work tell how it goes now; fewer than the least tell too little. */
export const TELLING_MINUTES = 15;
const FEWEST_MINUTES = 3;

/**
 * The pace of the last minutes in which something was sent, whenever that was: at the start of a night there are no
 * others. Minutes in which much less went than in the others were cut short, by a pause or a broken line.
 */
export const measuredRate = (
  minutes: readonly MinuteDone[],
  live: Rate,
  lineLimit: number | null,
): Rate | undefined => {
  const { bytes, tracks } = minutes.length < FEWEST_MINUTES ? live : meanOf(whole(minutes));
  if (bytes <= 0 && tracks <= 0) return undefined;
  return { bytes: lineLimit === null ? bytes : Math.min(bytes, lineLimit), tracks };
};

const whole = (minutes: readonly MinuteDone[]): readonly MinuteDone[] => {
  const bytes = minutes.map(({ bytesSent }) => bytesSent).toSorted((a, b) => a - b);
  const median = bytes[Math.floor((bytes.length - 1) / 2)] ?? 0;
  return minutes.filter(({ bytesSent }) => bytesSent >= median / 2);
};

const meanOf = (minutes: readonly MinuteDone[]): Rate => {
  const seconds = minutes.length * 60;
  return {
    bytes: minutes.reduce((sum, { bytesSent }) => sum + bytesSent, 0) / seconds,
    tracks: minutes.reduce((sum, { tracksSent }) => sum + tracksSent, 0) / seconds,
  };
};

/** How long that much takes at this rate, in ms; undefined where that cannot be told. */
export const durationOf = (
  left: { readonly waiting: number; readonly bytesWaiting: number },
  rate: Rate | undefined,
): number | undefined => {
  if (left.waiting === 0) return 0;
  if (rate === undefined) return undefined;
  const seconds = Math.max(
    rate.bytes > 0 ? left.bytesWaiting / rate.bytes : 0,
    rate.tracks > 0 ? left.waiting / rate.tracks : 0,
  );
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
};

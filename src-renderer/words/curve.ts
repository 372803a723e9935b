import type { Pace } from '../../shared/bridge/pace.ts';
import type { Formats } from '../../shared/formats.ts';

/** Bytes a second in each step. */
export const ratesOf = ({ bytes, stepMs }: Pick<Pace, 'bytes' | 'stepMs'>): readonly number[] =>
  bytes.map((sent) => sent / (stepMs / 1000));

/** Two points make a line; fewer steps with something in them are none. */
export const isTelling = ({ bytes }: Pick<Pace, 'bytes'>): boolean =>
  bytes.length > 1 && bytes.some((sent) => sent > 0);

/** What the curve shows, for those who cannot see it. */
export const curveWords = (pace: Pace, formats: Formats): string => {
  const rates = ratesOf(pace);
  const highest = Math.max(0, ...rates);
  if (highest === 0) return 'Nothing was sent in the last hours.';
  const at = pace.from + rates.indexOf(highest) * pace.stepMs;
  const sent = pace.bytes.reduce((sum, bytes) => sum + bytes, 0);
  return `Since ${formats.clock(pace.from)}: ${formats.bytes(sent)} sent, fastest about ${formats.clock(at)} with ${formats.rate(highest)}.`;
};

import type { DiskStat } from './differences.ts';

/** A file that was written to a moment ago is likely to be on its way still: a copy, a download. */
const SETTLED_MS = 5_000;

/** When a file will have lain still for long enough to be read, ms since 1970; 0 where it has. */
export const settledAt = ({ mtimeNs }: Pick<DiskStat, 'mtimeNs'>, now: number): number => {
  const written = Number(mtimeNs / 1_000_000n);
  // A time that is yet to come says nothing.
  return written <= now && now < written + SETTLED_MS ? written + SETTLED_MS : 0;
};

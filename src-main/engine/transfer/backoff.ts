const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** Attempts at one file in one run; after that it is listed, and tried again in the next run. */
export const MAX_ATTEMPTS = 8;

/**
 * How long to wait after so many failed attempts (1 and more): doubling up to a minute, and somewhere in the upper
 * half of that, so that files that failed together do not come back together.
 * @param random from 0 up to 1
 * @param atLeast where less than this is of no use: then it doubles from there, up to 16 times as long
 */
export const backoffMs = (attempts: number, random: number, atLeast?: number): number => {
  const [first, longest] = atLeast === undefined ? [FIRST_MS, LONGEST_MS] : [2 * atLeast, 16 * atLeast];
  const full = Math.min(longest, first * 2 ** Math.max(0, attempts - 1));
  return Math.round(full / 2 + (full / 2) * random);
};

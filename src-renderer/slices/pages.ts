/** Rows of a view come in pages of this size; at most 200 are given at a time. */
export const PAGE_SIZE = 100;
/** So many stay in memory; those furthest from what is seen go first. */
const MOST_PAGES = 24;

/** Numbers of the pages that hold these rows, `to` not among them. */
export const pagesOf = (from: number, to: number): readonly number[] => {
  const first = Math.floor(Math.max(0, from) / PAGE_SIZE);
  const last = Math.floor(Math.max(from, to - 1, 0) / PAGE_SIZE);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
};

/** Those to be forgotten when `seen` is looked at. */
export const pagesToDrop = (kept: Iterable<number>, seen: number): readonly number[] =>
  [...kept].toSorted((a, b) => Math.abs(a - seen) - Math.abs(b - seen)).slice(MOST_PAGES);

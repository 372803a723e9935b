import { BridgeError } from '../../shared/bridge/bridge.ts';
import type { Slice } from '../../shared/bridge/fields.ts';

/** Rows to a page; fewer than the longest slice, so that what is asked for again and again stays small. */
export const PAGE_ROWS = 100;
/** Pages that are kept: what was scrolled past long ago is asked for again. */
const MOST_PAGES = 24;
const MOST_AT_ONCE = 2;

/** The rows of an opened view as far as they were looked at; bounded, whatever the view's length. */
export interface RowStore<R> {
  /** undefined: not here yet. */
  readonly at: (index: number) => R | undefined;
  /** Says which rows are in sight now; those that are missing are fetched. */
  readonly look: (first: number, last: number) => void;
  /** Fetches those in sight again; they stand as they are until they have come. */
  readonly refresh: () => void;
  /** Another view of the same things: what is in sight is fetched from it, what is not is forgotten. */
  readonly turnTo: (view: number) => void;
  /** Why rows in sight could not be fetched; null: they could. */
  readonly problem: () => string | null;
  readonly listen: (listener: () => void) => () => void;
  /** Grows with every change. */
  readonly version: () => number;
}

interface Deps<R> {
  readonly view: number;
  /** null: the view was given up. */
  readonly fetch: (slice: Slice) => Promise<readonly R[] | null>;
  readonly onGone: () => void;
}

export const createRowStore = <R extends object>({ view: first, fetch, onGone }: Deps<R>): RowStore<R> => {
  let view = first;
  let version = 0;
  let problem: string | null = null;
  /** The view was given up: nothing is asked of it until there is another. */
  let isGone = false;
  let sight = { from: 0, to: -1 };
  /** The one used last stands last. */
  const pages = new Map<number, readonly R[]>();
  const stale = new Set<number>();
  const underWay = new Set<number>();
  const listeners = new Set<() => void>();

  const changed = (): void => {
    version += 1;
    for (const listener of listeners) listener();
  };
  const inSight = (): readonly number[] =>
    Array.from({ length: Math.max(0, sight.to - sight.from + 1) }, (_, i) => sight.from + i);

  const keep = (page: number, rows: readonly R[]): void => {
    const before = pages.get(page);
    pages.delete(page);
    // What tells the same stays the same, so that it is not drawn anew.
    pages.set(
      page,
      rows.map((row, i) => {
        const was = before?.[i];
        return was !== undefined && isSame(was, row) ? was : row;
      }),
    );
    for (const oldest of pages.keys()) {
      if (pages.size <= MOST_PAGES) break;
      pages.delete(oldest);
    }
  };

  /** Told once, however many pages were being fetched. */
  const giveUp = (): void => {
    if (isGone) return;
    isGone = true;
    onGone();
  };

  const load = async (page: number): Promise<void> => {
    const from = view;
    underWay.add(page);
    stale.delete(page);
    try {
      const rows = await fetch({ view: from, from: page * PAGE_ROWS, count: PAGE_ROWS });
      if (from !== view) stale.add(page);
      else if (rows === null) giveUp();
      else keep(page, rows);
      problem = null;
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error;
      // Asked for again with the next refreshing.
      problem = error.message;
    } finally {
      underWay.delete(page);
      changed();
    }
    if (problem === null) pump();
  };

  const pump = (): void => {
    if (isGone) return;
    for (const page of inSight()) {
      if (underWay.size >= MOST_AT_ONCE) return;
      if (!underWay.has(page) && (stale.has(page) || !pages.has(page))) void load(page);
    }
  };

  return {
    at: (index) => pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS],
    look: (from, to) => {
      const next = { from: Math.floor(from / PAGE_ROWS), to: Math.floor(to / PAGE_ROWS) };
      if (next.from === sight.from && next.to === sight.to) return;
      sight = next;
      pump();
    },
    refresh: () => {
      for (const page of inSight()) stale.add(page);
      pump();
    },
    turnTo: (next) => {
      view = next;
      isGone = false;
      const seen = inSight();
      for (const page of pages.keys()) if (!seen.includes(page)) pages.delete(page);
      for (const page of seen) stale.add(page);
      pump();
    },
    problem: () => problem,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
  };
};

/** Rows are flat. */
const isSame = <R extends object>(a: R, b: R): boolean => {
  const keys = Object.keys(b) as (keyof R)[];
  return keys.length === Object.keys(a).length && keys.every((key) => Object.is(a[key], b[key]));
};

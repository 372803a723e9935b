import { useCallback, useEffect, useRef, useState } from 'react';
import type { Slice } from '../../shared/bridge/fields.ts';
import { PAGE_SIZE, pagesOf, pagesToDrop } from './pages.ts';

/** What is seen is asked for again this often, for its numbers; its order stays. */
const REFRESH_MS = 3_000;

export interface Slices<T> {
  /** Undefined: still on its way. */
  readonly rowAt: (index: number) => T | undefined;
}

interface Wanted<T> {
  /** null: none is open yet. */
  readonly view: number | null;
  readonly count: number;
  /** The rows that are seen, `to` not among them. */
  readonly from: number;
  readonly to: number;
  /** null: the view was given up; undefined: it could not be asked. */
  readonly ask: (slice: Slice) => Promise<readonly T[] | null | undefined>;
  readonly onGivenUp: () => void;
}

/** The rows of a view that are seen, and some that were. */
export const useSlices = <T>({ view, count, from, to, ask, onGivenUp }: Wanted<T>): Slices<T> => {
  const kept = useRef<Kept<T>>({ view: null, pages: new Map() });
  const pending = useRef(new Set<string>());
  const [, redraw] = useState(0);

  const load = useCallback(
    async (page: number): Promise<void> => {
      if (view === null) return;
      const key = `${view} ${page}`;
      if (pending.current.has(key)) return;
      pending.current.add(key);
      const rows = await ask({ view, from: page * PAGE_SIZE, count: PAGE_SIZE });
      pending.current.delete(key);
      const { view: now, pages } = kept.current;
      if (rows === undefined || now !== view) return;
      if (rows === null) return onGivenUp();
      pages.set(page, rows);
      for (const old of pagesToDrop(pages.keys(), page)) pages.delete(old);
      redraw((drawn) => drawn + 1);
    },
    [view, ask, onGivenUp],
  );

  const [first, last] = [pagesOf(from, to)[0] ?? 0, pagesOf(from, Math.min(to, count)).at(-1) ?? 0];
  useEffect(() => {
    if (kept.current.view !== view) kept.current = { view, pages: new Map() };
    if (view === null || count === 0) return undefined;
    const seen = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    for (const page of seen) if (!kept.current.pages.has(page)) void load(page);
    const timer = setInterval(() => {
      if (!document.hidden) for (const page of seen) void load(page);
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [view, count, first, last, load]);

  return {
    rowAt: (index) =>
      kept.current.view === view
        ? kept.current.pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE]
        : undefined,
  };
};

/** What is known of one view; another one has another order. */
interface Kept<T> {
  readonly view: number | null;
  readonly pages: Map<number, readonly T[]>;
}

import { useCallback, useEffect, useRef, useState } from 'react';
import { BridgeError } from '../../shared/bridge/bridge.ts';
import type { Slice } from '../../shared/bridge/fields.ts';
import { createRowStore, type RowStore } from './row-store.ts';
import { useOfRows } from './use-of-rows.ts';

/** Rows in sight are told anew this often. */
const REFRESH_MS = 3_000;

interface Wanted<O, R> {
  /** Changes whenever something else is to be seen. */
  readonly key: string;
  readonly open: () => Promise<O>;
  readonly slice: (slice: Slice) => Promise<readonly R[] | null>;
  /** How often it is looked whether the view would be another one now. */
  readonly lookMs: number;
}

interface State<O, R> {
  readonly key: string;
  /** What is shown; its order stays as it is. */
  readonly shown: O;
  /** As it would be if it were opened now. */
  readonly newest: O;
  readonly rows: RowStore<R>;
}

export interface Opened<O, R> {
  /** null: not opened yet. While something else is being opened, what was shown before stands. */
  readonly state: State<O, R> | null;
  /** What is shown is not yet what is wanted. */
  readonly isOpening: boolean;
  readonly problem: string | null;
  /** Shows the newest. */
  readonly show: () => void;
}

/** Opens a view of the ledger and keeps what is in sight of it fresh, without ever moving it. */
export const useOpened = <O extends { readonly view: number }, R extends object>(
  wanted: Wanted<O, R>,
): Opened<O, R> => {
  const [state, setState] = useState<State<O, R> | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const newest = useRef(wanted);
  useEffect(() => {
    newest.current = wanted;
  });

  const open = useCallback(async (use: (opened: O) => void): Promise<void> => {
    const { key } = newest.current;
    try {
      const opened = await newest.current.open();
      if (key !== newest.current.key) return;
      setProblem(null);
      use(opened);
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error;
      setProblem(error.message);
    }
  }, []);

  const { key } = wanted;
  useEffect(() => {
    let isCurrent = true;
    void open((opened) => {
      if (!isCurrent) return;
      setState((was) => {
        if (was !== null && was.key === key) {
          was.rows.turnTo(opened.view);
          return { ...was, shown: opened, newest: opened };
        }
        const rows = createRowStore<R>({
          view: opened.view,
          fetch: (slice) => newest.current.slice(slice),
          onGone: () => setAttempt((times) => times + 1),
        });
        return { key, shown: opened, newest: opened, rows };
      });
    });
    return () => {
      isCurrent = false;
    };
  }, [open, key, attempt]);

  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'hidden') return;
      void open((opened) =>
        setState((was) =>
          was === null || was.key !== newest.current.key ? was : { ...was, newest: opened },
        ),
      );
    }, wanted.lookMs);
    return () => clearInterval(timer);
  }, [open, wanted.lookMs]);

  // Not there yet because nobody answered: tried again until somebody does.
  const isOpening = state?.key !== wanted.key;
  useEffect(() => {
    if (problem === null || !isOpening) return undefined;
    const timer = setTimeout(() => setAttempt((times) => times + 1), REFRESH_MS);
    return () => clearTimeout(timer);
  }, [problem, isOpening, attempt]);

  const rows = state?.rows;
  useEffect(() => {
    if (rows === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') rows.refresh();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [rows]);
  const rowsProblem = useOfRows(rows, () => rows?.problem() ?? null);

  return {
    state,
    isOpening,
    problem: problem ?? rowsProblem,
    show: () =>
      setState((was) => {
        if (was === null) return was;
        was.rows.turnTo(was.newest.view);
        return { ...was, shown: was.newest };
      }),
  };
};

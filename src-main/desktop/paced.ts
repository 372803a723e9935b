import type { Clock } from '../engine/clock.ts';

/** Passes on the newest of what it is told, at once and then at most every so often. */
export interface Paced<T> {
  readonly tell: (value: T) => void;
  readonly close: () => void;
}

export const createPaced = <T>(clock: Clock, everyMs: number, apply: (value: T) => void): Paced<T> => {
  const ending = new AbortController();
  let next: { readonly value: T } | undefined;
  let last = Number.NEGATIVE_INFINITY;
  let waiting = false;

  const pass = (): void => {
    if (next === undefined || ending.signal.aborted) return;
    const { value } = next;
    next = undefined;
    last = clock.monotonic();
    apply(value);
  };

  return {
    tell: (value) => {
      next = { value };
      if (waiting) return;
      const rest = last + everyMs - clock.monotonic();
      if (rest <= 0) return pass();
      waiting = true;
      void clock.sleep(rest, ending.signal).then(() => {
        waiting = false;
        pass();
      });
    },
    close: () => ending.abort(),
  };
};

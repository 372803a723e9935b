/** Time, passed in so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970, as the system tells it: may jump. For what is shown and stored. */
  readonly now: () => number;
  /** Milliseconds that only ever grow. For durations and for what happens when. */
  readonly monotonic: () => number;
  /** Resolves after that many milliseconds, or early when aborted; never rejects. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

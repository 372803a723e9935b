/** Bytes and files per second over the last half minute, in memory of fixed size. */
export interface Rates {
  readonly add: (bytes: number, files: number) => void;
  readonly perSecond: () => { readonly bytes: number; readonly files: number };
}

const WINDOW_SECONDS = 30;

export const createRates = (monotonic: () => number): Rates => {
  const bytes = new Float64Array(WINDOW_SECONDS);
  const files = new Float64Array(WINDOW_SECONDS);
  const start = Math.floor(monotonic() / 1000);
  let last = start;

  const turnTo = (second: number): void => {
    const passed = Math.min(second - last, WINDOW_SECONDS);
    for (let i = 1; i <= passed; i += 1) {
      bytes[(last + i) % WINDOW_SECONDS] = 0;
      files[(last + i) % WINDOW_SECONDS] = 0;
    }
    last = second;
  };

  return {
    add: (moreBytes, moreFiles) => {
      const second = Math.floor(monotonic() / 1000);
      turnTo(second);
      const slot = second % WINDOW_SECONDS;
      bytes[slot] = (bytes[slot] ?? 0) + moreBytes;
      files[slot] = (files[slot] ?? 0) + moreFiles;
    },
    perSecond: () => {
      const now = monotonic() / 1000;
      turnTo(Math.floor(now));
      const seconds = Math.max(1, Math.min(WINDOW_SECONDS - 1 + (now % 1), now - start));
      const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
      return { bytes: sum(bytes) / seconds, files: sum(files) / seconds };
    },
  };
};

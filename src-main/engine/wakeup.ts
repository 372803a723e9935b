import type { Clock } from './clock.ts';

/** The one-slot flag of the owner loop: many may ask for attention, it looks once. */
export interface Wakeup {
  readonly wake: () => void;
  /** Resolves at the next wake (at once when one is pending), or after that many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

export const createWakeup = (clock: Clock): Wakeup => {
  let pending = false;
  let interrupt: AbortController | undefined;
  return {
    wake: () => {
      pending = true;
      interrupt?.abort();
    },
    wait: async (milliseconds) => {
      if (!pending) {
        interrupt = new AbortController();
        await clock.sleep(milliseconds, interrupt.signal);
        interrupt = undefined;
      }
      // Let everything that is ready be done first, so that one look serves many.
      await new Promise((resolve) => setImmediate(resolve));
      pending = false;
    },
  };
};

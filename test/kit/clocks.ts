import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Clock } from '../../src-main/engine/clock.ts';

const asleep = async (milliseconds: number, signal: AbortSignal | undefined): Promise<void> => {
  try {
    await sleepFor(milliseconds, undefined, signal === undefined ? undefined : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
};

/** A clock on which a minute is over after `60 / speed` seconds, so that real waits can be gone through. */
export const fastClock = (speed: number): Clock => {
  const [now, monotonic] = [Date.now(), performance.now()];
  const passed = (): number => (performance.now() - monotonic) * speed;
  return {
    now: () => Math.round(now + passed()),
    monotonic: () => monotonic + passed(),
    sleep: (milliseconds, signal) => asleep(milliseconds / speed, signal),
  };
};

/** Stands still until it is moved. Whoever sleeps on it waits to be moved over the end of that sleep. */
export interface HandClock extends Clock {
  /** Both clocks, as when time passes. */
  readonly advance: (milliseconds: number) => void;
  /** The wall clock alone, as when somebody puts it right. */
  readonly putWallClock: (by: number) => void;
}

export const handClock = (start = Date.UTC(2030, 0, 1)): HandClock => {
  let wall = start;
  let passed = 0;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => wall,
    monotonic: () => passed,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const sleeper = {
          until: passed + milliseconds,
          wake: (): void => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    advance: (milliseconds) => {
      wall += milliseconds;
      passed += milliseconds;
      for (const sleeper of sleepers) if (sleeper.until <= passed) sleeper.wake();
    },
    putWallClock: (by) => void (wall += by),
  };
};

import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** How long at most. 30,000 ms unless told; generous, as it is only ever reached when something is wrong. */
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/** Whatever `check` returns once that is neither false nor null nor undefined. What it throws is thrown at the end. */
export const waitFor = async <T>(
  what: string,
  check: () => T | Promise<T>,
  { timeoutMs = 30_000, everyMs = 20 }: WaitOptions = {},
): Promise<Exclude<T, false | null | undefined>> => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const outcome = await attempt(check);
    if ('value' in outcome && isThere(outcome.value)) return outcome.value;
    if (performance.now() >= end) {
      const cause = 'error' in outcome ? { cause: outcome.error } : undefined;
      throw new Error(`Waited ${timeoutMs} ms in vain for this: ${what}`, cause);
    }
    await sleep(everyMs);
  }
};

const attempt = async <T>(check: () => T | Promise<T>): Promise<{ value: T } | { error: unknown }> => {
  try {
    return { value: await check() };
  } catch (error) {
    return { error };
  }
};

const isThere = <T>(value: T): value is Exclude<T, false | null | undefined> =>
  value !== false && value !== null && value !== undefined;

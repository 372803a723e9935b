import type { Database } from 'better-sqlite3';
import { asLedgerError } from './errors.ts';

export interface Commits {
  /**
   * Runs `write` in the next transaction and resolves with its result once that transaction is on the disk. A write
   * that throws is undone and rejected alone; the others of its group stand.
   * @throws LedgerDiskError, LedgerDamagedError
   */
  readonly commit: <T>(write: () => T) => Promise<T>;
  /** Resolves when everything given so far is on the disk. */
  readonly flush: () => Promise<void>;
}

interface Pending {
  readonly write: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Grouped commits. Writing through to the disk takes from a fraction of a millisecond to tens of them, and this
 * thread has other things to do: after each commit we wait four times as long as it took (at most 20 ms) before the
 * next, so that at most a fifth of the time goes into waiting for the disk while a lone write is not kept waiting.
 * @param tell what an error of a write means for a person
 */
export const createCommits = (
  db: Database,
  tell: (error: unknown) => unknown = (error) => asLedgerError(db.name, error),
): Commits => {
  let pending: Pending[] = [];
  let scheduled = false;
  let restUntil = 0;

  const runGroup = (group: readonly Pending[]): (() => void)[] => {
    const transaction = db.transaction(() => group.map(({ write }) => write()));
    const results = transaction.immediate();
    return group.map(
      ({ resolve }, i) =>
        () =>
          resolve(results[i] as never),
    );
  };

  /** One of them is bad: each alone, so that only the bad one fails. */
  const runEach = (group: readonly Pending[]): (() => void)[] =>
    group.flatMap((entry) => {
      try {
        return runGroup([entry]);
      } catch (error) {
        const told = tell(error);
        return [() => entry.reject(told)];
      }
    });

  const flushNow = (): void => {
    scheduled = false;
    const group = pending;
    pending = [];
    const begin = performance.now();
    let settle: readonly (() => void)[];
    try {
      settle = runGroup(group);
    } catch {
      // Tried again one by one; a lone write that fails tells its own error there.
      settle = runEach(group);
    }
    const end = performance.now();
    restUntil = end + Math.min(20, (end - begin) * 4);
    for (const tellResult of settle) tellResult();
  };

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    const rest = restUntil - performance.now();
    if (rest <= 0) setImmediate(flushNow);
    else setTimeout(flushNow, rest);
  };

  const commit = <T>(write: () => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      pending.push({ write, resolve: resolve as (value: never) => void, reject });
      schedule();
    });

  return { commit, flush: () => commit(() => undefined) };
};

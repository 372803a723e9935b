import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** One piece of work inside a transaction. It may run twice, so it touches nothing but the database. */
export type Write<T> = (trx: Transaction<Schema>) => Promise<T>;

export interface GroupedWrites {
  /** Resolves once the work is committed to disk. What it throws undoes only itself. */
  run<T>(write: Write<T>): Promise<T>;
  /** Waits until nothing is under way. */
  settled(): Promise<void>;
}

interface Waiting {
  attempt(trx: Transaction<Schema>): Promise<void>;
  /** Called after the commit. */
  done(): void;
  failed(error: unknown): void;
}

const LOCK_WAIT_MS = 5_000;
const LOCK_RETRY_MS = 50;
const GROUP_WAIT_MS = 4;

/**
 * Many small writes, one commit: a commit costs an fsync, whatever is in it.
 * @param othersComing whether more writes are likely to come at once; then a group waits a few milliseconds for
 * them. Without others, nothing waits.
 */
export const createGroupedWrites = (
  db: Kysely<Schema>,
  othersComing: () => boolean = () => false,
): GroupedWrites => {
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const loop = async (): Promise<void> => {
    while (waiting.length > 0) {
      if (othersComing()) await sleep(GROUP_WAIT_MS);
      const group = waiting;
      waiting = [];
      await commit(db, group);
    }
    running = undefined;
  };

  return {
    run: <T>(write: Write<T>) =>
      new Promise<T>((resolve, reject) => {
        let result: { readonly value: T } | undefined;
        waiting.push({
          async attempt(trx) {
            result = { value: await write(trx) };
          },
          done: () => {
            if (result !== undefined) resolve(result.value);
          },
          failed: reject,
        });
        running ??= loop();
      }),
    async settled() {
      await running;
    },
  };
};

const commit = async (db: Kysely<Schema>, group: readonly Waiting[]): Promise<void> => {
  try {
    await whenUnlocked(() =>
      db.transaction().execute(async (trx) => {
        for (const write of group) await write.attempt(trx);
      }),
    );
  } catch (error) {
    const [only, ...others] = group;
    if (only !== undefined && others.length === 0) {
      only.failed(error);
      return;
    }
    // One of them failed and took the group's transaction along: now each on its own.
    for (const write of group) await commit(db, [write]);
    return;
  }
  for (const write of group) write.done();
};

/** Another process may hold the lock for a moment. Waiting here, not in SQLite, lets everything else go on. */
const whenUnlocked = async (work: () => Promise<void>): Promise<void> => {
  const until = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isLocked(error) || performance.now() > until) throw error;
      await sleep(LOCK_RETRY_MS);
    }
  }
};

const isLocked = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('SQLITE_BUSY');

import { constants, setPriority } from 'node:os';
import { look } from './look.ts';
import { type LookAnswer, lookRequestSchema } from './messages.ts';
import { shrink } from './shrink.ts';

/**
 * The entry of the helper process that finds covers and makes them small: one at a time, as it is told. It reads what
 * strangers made, holds no secrets, may be killed at any moment, and steps back behind everything else that the
 * computer has to do.
 */

/** What decodes pictures has memory of its own, beside the heap that the launch limits. */
const MOST_MEMORY_BYTES = 512 * 1024 * 1024;
const WATCH_MS = 50;

const start = (): void => {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch (error) {
    // Some systems do not let a process lower itself; then it works at the usual priority.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  setInterval(() => {
    if (process.memoryUsage.rss() > MOST_MEMORY_BYTES) process.kill(process.pid, 'SIGKILL');
  }, WATCH_MS).unref();
  process.on('message', (message) => void work(message));
};

const work = async (message: unknown): Promise<void> => {
  answer(await look(lookRequestSchema.parse(message), shrink));
};

const answer = (message: LookAnswer): void => {
  process.send?.(message);
};

start();

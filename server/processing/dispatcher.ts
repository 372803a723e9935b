import type { Logger } from 'pino';
import type { ObjectStore } from '../storage/contract.ts';
import type { Job, Outcome, ProcessingQueue } from './queue.ts';
import type { MediaReader } from './reader.ts';

/** Songs that are claimed, and written down again, together. */
const GROUP = 25;
/** An idle helper process is only memory. */
const IDLE_MS = 30_000;
const AFTER_TROUBLE_MS = 5_000;

export interface Dispatcher {
  /** There may be work. */
  wake(): void;
  /** Resolves when nothing is left in the queue. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** Feeds songs to the reader of tags, one at a time, oldest first, whenever there are any. */
export const createDispatcher = (
  queue: ProcessingQueue,
  reader: MediaReader,
  store: Pick<ObjectStore, 'withLocalFile' | 'head'>,
  logger: Logger,
): Dispatcher => {
  let stopped = false;
  let again = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const readOne = async (job: Job): Promise<Outcome | undefined> => {
    if ((await store.head(job.key)) === undefined) {
      return { job, reason: 'The stored file is missing. Upload it again.' };
    }
    // A helper that dies may have been killed from outside: the file gets a second chance, not a third.
    for (let attempt = 1; attempt <= 2 && !stopped; attempt += 1) {
      const result = await store.withLocalFile(job.key, (path) => reader.read(path));
      if (result.kind === 'read') return { job, media: result.media };
      if (result.kind === 'unreadable') return { job, reason: result.reason };
    }
    return stopped
      ? undefined
      : { job, reason: 'The reader of tags broke down over this file, most likely for lack of memory.' };
  };

  const work = async (): Promise<void> => {
    do {
      again = false;
      for (let jobs = await queue.claim(GROUP); jobs.length > 0; jobs = await queue.claim(GROUP)) {
        const outcomes: Outcome[] = [];
        for (const job of jobs) {
          const outcome = stopped ? undefined : await readOne(job);
          if (outcome !== undefined) outcomes.push(outcome);
        }
        await queue.settle(outcomes);
        if (stopped) return;
      }
    } while (again);
  };

  const wake = (): void => {
    if (stopped) return;
    again = true;
    if (running !== undefined) return;
    clearTimeout(timer);
    running = run();
  };

  const run = async (): Promise<void> => {
    let pause = IDLE_MS;
    let next: () => void = () => reader.stop();
    try {
      await work();
    } catch (error) {
      logger.error({ err: error }, 'reading tags stopped; it goes on in a moment');
      pause = AFTER_TROUBLE_MS;
      next = () => void retry();
    }
    running = undefined;
    if (!stopped) timer = setTimeout(next, pause).unref();
  };

  const retry = async (): Promise<void> => {
    try {
      await queue.putBack();
    } catch (error) {
      logger.error({ err: error }, 'the queue of the reader of tags cannot be written');
    }
    wake();
  };

  return {
    wake,
    async idle() {
      await running;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      reader.stop();
      await running;
      await queue.putBack();
    },
  };
};

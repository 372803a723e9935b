import { Worker } from 'node:worker_threads';
import { sha256OfFile } from '../../kit/hash.ts';

/** Below this a thread costs more than it saves. */
const FILES_WORTH_A_THREAD = 1000;
/** More than there may be cores: they wait for the disk most of the time. */
const THREADS = 4;

/** The SHA-256 of each file in hex, in their order. */
export const hashFiles = async (paths: readonly string[]): Promise<readonly string[]> => {
  const threads = Math.min(THREADS, Math.floor(paths.length / FILES_WORTH_A_THREAD));
  if (threads < 2) return paths.map((path) => sha256OfFile(path));
  const startOf = (thread: number): number => Math.floor((thread * paths.length) / threads);
  const parts = await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      hashInThread(paths.slice(startOf(thread), startOf(thread + 1))),
    ),
  );
  return parts.flat();
};

const hashInThread = (paths: readonly string[]): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('hash-thread.ts', import.meta.url), { workerData: paths });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('A hashing thread ended before its work was done.')));
  });

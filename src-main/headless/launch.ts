import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import type {
  HelperProcess,
  Launch,
  ProcessName,
  SqlFolderName,
  Thread,
  ThreadName,
} from '../../shared/launch.ts';

const THREADS: Readonly<Record<ThreadName, URL>> = {
  scan: new URL('../engine/library/scan-thread.ts', import.meta.url),
  fingerprint: new URL('../engine/audio/fingerprint-thread.ts', import.meta.url),
  views: new URL('../engine/views/views-thread.ts', import.meta.url),
};
/** A parser that eats memory loses its thread and not the program; what lives short stays small. */
const THREAD_LIMITS: Readonly<Record<ThreadName, ResourceLimits>> = {
  scan: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 },
  fingerprint: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 192 },
  views: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1024 },
};
const PROCESSES: Readonly<Record<ProcessName, URL>> = {
  'read-media': new URL('../../server/processing/read-media.ts', import.meta.url),
  cover: new URL('../engine/covers/cover-process.ts', import.meta.url),
};
const SQL_FOLDERS: Readonly<Record<SqlFolderName, URL>> = {
  ledger: new URL('../engine/ledger/schema/', import.meta.url),
};

/** Threads and processes of plain Node, straight from the sources. */
export const nodeLaunch: Launch = {
  thread: (name, data) =>
    asThread(new Worker(THREADS[name], { workerData: data, resourceLimits: THREAD_LIMITS[name] })),
  process: (name, { heapMiB }) => forkHelper(PROCESSES[name], heapMiB),
  sqlFolder: (name) => fileURLToPath(SQL_FOLDERS[name]),
};

const asThread = (worker: Worker): Thread => ({
  postMessage: (message, transfer = []) => worker.postMessage(message, transfer),
  onMessage: (listener) => void worker.on('message', listener),
  onError: (listener) => void worker.on('error', listener),
  onExit: (listener) => void worker.once('exit', listener),
  terminate: async () => void (await worker.terminate()),
  ref: () => worker.ref(),
  unref: () => worker.unref(),
});

const forkHelper = (entry: URL, heapMiB: number): HelperProcess => {
  const child = fork(entry, {
    env: {},
    execArgv: [`--max-old-space-size=${heapMiB}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return {
    // A helper that is gone tells so by onExit; the failed send itself says nothing more.
    send: (message) => void child.send(message as object, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let told = false;
      const tell = (reason: number | string): void => {
        if (!told) listener(reason);
        told = true;
      };
      child.once('exit', (code, signal) => tell(signal ?? code ?? 0));
      child.once('error', (error) => tell(error.message));
    },
    kill: () => void child.kill('SIGKILL'),
  };
};

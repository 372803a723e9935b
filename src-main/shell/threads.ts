import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { Thread, ThreadName } from '../../shared/launch.ts';

/** A parser that eats memory loses its thread and not the program; what lives short stays small. */
const THREAD_LIMITS: Readonly<Record<ThreadName, ResourceLimits>> = {
  scan: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 },
  fingerprint: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 192 },
  views: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1024 },
};

/** @param entry its file, which each shell has in another place */
export const startThread = (name: ThreadName, entry: URL, data: unknown): Thread => {
  const worker = new Worker(entry, { workerData: data, resourceLimits: THREAD_LIMITS[name] });
  return {
    postMessage: (message, transfer = []) => worker.postMessage(message, transfer),
    onMessage: (listener) => void worker.on('message', listener),
    onError: (listener) => void worker.on('error', listener),
    onExit: (listener) => void worker.once('exit', listener),
    terminate: async () => void (await worker.terminate()),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
  };
};

import type { Launch } from '../../../shared/launch.ts';
import { EngineError } from '../errors.ts';
import type { FingerprintRequest, FingerprintResult } from './fingerprint-messages.ts';
import { FingerprintWorker, ThreadLostError } from './fingerprint-worker.ts';

export { LARGEST_KEPT_BYTES } from './fingerprint-messages.ts';
export type { FingerprintRequest, FingerprintResult } from './fingerprint-messages.ts';

export interface FingerprinterOptions {
  readonly launch: Launch;
  /** How many files are read at once, at most. */
  readonly threads: number;
  /** How long a parser may take over the tags of one file before it is stopped. Default 20,000 ms. */
  readonly timeLimitMs?: number;
  readonly log?: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

export interface Fingerprinter {
  /** Starts the first thread before there is work, so that the first file need not wait for it. */
  readonly warm: () => void;
  /**
   * Waits for a free thread. Whatever is wrong with the file is a result.
   * @throws FingerprintBrokenError, FingerprinterClosedError
   */
  readonly read: (request: FingerprintRequest) => Promise<FingerprintResult>;
  /** Ends the threads at once; reads that are not done are rejected. */
  readonly close: () => Promise<void>;
}

/** No thread can be started: nothing can be read at all. */
export class FingerprintBrokenError extends EngineError {
  readonly code = 'fingerprint_broken';
  constructor(cause: unknown) {
    super(
      'The part of the program that reads music files cannot start. Install the program again.',
      {},
      cause,
    );
  }
}

export class FingerprinterClosedError extends EngineError {
  readonly code = 'fingerprinter_closed';
  constructor() {
    super('Reading was stopped.');
  }
}

interface Job {
  readonly request: FingerprintRequest;
  /** false the second time, after a parser came to grief over this file. */
  readonly withTags: boolean;
  readonly resolve: (result: FingerprintResult) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread takes 30 MB of memory: another one is started only where so many bytes wait for the others. */
const BYTES_WORTH_A_THREAD = 64 * 1024 * 1024;

/**
 * Threads that fingerprint files, started when there is work. A parser that loops or eats memory costs its thread and
 * that file's tags, nothing else: the file is read again without them.
 */
export const createFingerprinter = (options: FingerprinterOptions): Fingerprinter => {
  const { launch, threads, timeLimitMs = 20_000, log } = options;
  const waiting: Job[] = [];
  const idle: FingerprintWorker[] = [];
  const all = new Set<FingerprintWorker>();
  let closed = false;

  const freeWorker = (): FingerprintWorker | undefined =>
    idle.pop() ?? (isWorthMore() ? startWorker() : undefined);

  const isWorthMore = (): boolean => {
    if (all.size === 0) return true;
    const bytes = waiting.reduce((sum, { request }) => sum + request.expected.byteSize, 0);
    return all.size < threads && bytes >= BYTES_WORTH_A_THREAD;
  };

  const startWorker = (): FingerprintWorker => {
    const started = new FingerprintWorker(launch.thread('fingerprint', undefined), timeLimitMs);
    all.add(started);
    return started;
  };

  const drain = (): void => {
    while (waiting.length > 0 && !closed) {
      const worker = freeWorker();
      const job = worker && waiting.shift();
      if (worker === undefined || job === undefined) return;
      void work(worker, job);
    }
  };

  const work = async (worker: FingerprintWorker, job: Job): Promise<void> => {
    try {
      const result = await worker.read({ ...job.request, withTags: job.withTags });
      idle.push(worker);
      job.resolve(result);
    } catch (error) {
      all.delete(worker);
      lost(job, error);
    }
    drain();
  };

  const lost = (job: Job, error: unknown): void => {
    if (closed) job.reject(new FingerprinterClosedError());
    else if (!(error instanceof ThreadLostError)) job.reject(error);
    else if (!error.wasReady) job.reject(new FingerprintBrokenError(error));
    else if (!job.withTags) job.resolve({ kind: 'failed', reason: 'read_error', detail: error.message });
    else {
      log?.('tags given up', { reason: error.message, byteSize: job.request.expected.byteSize });
      waiting.unshift({ ...job, withTags: false });
    }
  };

  return {
    warm: () => {
      if (all.size === 0 && !closed) idle.push(startWorker());
    },
    read: (request) => {
      if (closed) return Promise.reject(new FingerprinterClosedError());
      const { promise, resolve, reject } = Promise.withResolvers<FingerprintResult>();
      waiting.push({ request, withTags: true, resolve, reject });
      drain();
      return promise;
    },
    close: async () => {
      closed = true;
      for (const { reject } of waiting.splice(0)) reject(new FingerprinterClosedError());
      await Promise.all([...all].map((worker) => worker.end('closed')));
    },
  };
};

import type { Launch, Thread } from '../../../shared/launch.ts';
import { EngineError } from '../errors.ts';
import type { Difference, ScanBatch, ScanResult } from './differences.ts';
import { type PathBytes, fromKey } from './paths.ts';
import type { FromScan, ScanOrder, ToScan } from './scan-messages.ts';

export interface ScanRequest {
  readonly launch: Launch;
  /** The ledger's file; the scan only reads it. */
  readonly ledgerPath: string;
  readonly library: { readonly id: number; readonly path: PathBytes };
  /** What a person leaves out of every library, see exclusions.ts. */
  readonly exclusions?: readonly string[];
  /** Called for one batch after the other; the scan runs at most four batches ahead. */
  readonly onBatch: (batch: ScanBatch) => void | Promise<void>;
  /** Stops the scan: it resolves as `stopped`, after the batch in hand. */
  readonly signal?: AbortSignal;
}

/** The scan's thread ended before it had seen everything. Nothing follows from it; scan again. */
export class ScanBrokenError extends EngineError {
  readonly code = 'scan_broken';
  constructor(context: Readonly<Record<string, unknown>>, cause?: unknown) {
    super('Looking through the music folder broke off. It is tried again.', context, cause);
  }
}

/**
 * Compares a library with the ledger, in a thread, and tells only the differences. An unchanged library tells
 * nothing but the result.
 * @throws ScanBrokenError; whatever `onBatch` throws
 */
export const scanLibrary = async (request: ScanRequest): Promise<ScanResult> => {
  const { launch, ledgerPath, library, onBatch, signal, exclusions = [] } = request;
  const counted = { folders: 0, files: 0, bytes: 0 };
  const started = performance.now();
  const stopped = (): ScanResult => ({
    ...counted,
    outcome: 'stopped',
    others: {},
    leftOut: 0,
    excluded: 0,
    seconds: (performance.now() - started) / 1000,
  });
  if (signal?.aborted === true) return stopped();

  const root = Uint8Array.from(library.path);
  const order: ScanOrder = { ledgerPath, libraryId: library.id, root, exclusions };
  const thread = launch.thread('scan', order);
  const { promise, resolve, reject } = Promise.withResolvers<ScanResult>();
  const stop = (): void => resolve(stopped());
  signal?.addEventListener('abort', stop, { once: true });

  let work = Promise.resolve();
  let over = false;
  const take = async (message: FromScan): Promise<void> => {
    if (over) return;
    if (message.kind === 'result') return resolve(message.result);
    Object.assign(counted, message.seen);
    await onBatch({
      libraryId: library.id,
      differences: message.differences.map(withBytes),
      seen: message.seen,
    });
    thread.postMessage({ kind: 'taken' } satisfies ToScan);
  };
  thread.onMessage((message) => {
    work = work.then(() => take(message as FromScan)).catch(reject);
  });
  thread.onError((error) => reject(new ScanBrokenError({ libraryId: library.id }, error)));
  // What it said before it ended is still to be worked off.
  thread.onExit((code) => {
    work = work.then(() => reject(new ScanBrokenError({ libraryId: library.id, exitCode: code })));
  });

  try {
    return await promise;
  } finally {
    over = true;
    signal?.removeEventListener('abort', stop);
    await endThread(thread, work);
  }
};

/** The batch in hand may be in the middle of a commit, so it is waited for. */
const endThread = async (thread: Thread, work: Promise<void>): Promise<void> => {
  await thread.terminate();
  await work;
};

const withBytes = (difference: Difference<string>): Difference =>
  difference.kind === 'new'
    ? { ...difference, folder: fromKey(difference.folder), name: fromKey(difference.name) }
    : difference;

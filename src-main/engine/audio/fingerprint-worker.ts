import type { Thread } from '../../../shared/launch.ts';
import type { FingerprintResult, FromFingerprint, ToFingerprint } from './fingerprint-messages.ts';

/** The thread ended, or had to be ended, before it answered. */
export class ThreadLostError extends Error {
  /** Whether it had come as far as taking requests. */
  readonly wasReady: boolean;
  constructor(message: string, wasReady: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'ThreadLostError';
    this.wasReady = wasReady;
  }
}

interface Pending {
  readonly resolve: (result: FingerprintResult) => void;
  readonly reject: (error: ThreadLostError) => void;
}

/** The owner's end of one fingerprint thread: one request at a time, with a limit on the time that tags may take. */
export class FingerprintWorker {
  readonly #thread: Thread;
  readonly #timeLimitMs: number;
  #pending: Pending | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isReady = false;
  #lost: ThreadLostError | undefined;

  constructor(thread: Thread, timeLimitMs: number) {
    this.#thread = thread;
    this.#timeLimitMs = timeLimitMs;
    thread.onMessage((message) => this.#take(message as FromFingerprint));
    thread.onError((error) => this.#lose(error.message, error));
    thread.onExit((code) => this.#lose(`the thread ended with code ${code}`));
  }

  /** @throws ThreadLostError */
  read({ path, expected, keepBytes, withTags }: ToFingerprint): Promise<FingerprintResult> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    const { promise, resolve, reject } = Promise.withResolvers<FingerprintResult>();
    this.#pending = { resolve, reject };
    const { byteSize, mtimeNs, ctimeNs, inode } = expected;
    // A copy of the path: a Buffer may be a view into memory that other paths share, and all of it would be sent.
    const request: ToFingerprint = {
      path: Uint8Array.from(path),
      expected: { byteSize, mtimeNs, ctimeNs, inode },
      keepBytes,
      withTags,
    };
    this.#thread.postMessage(request);
    return promise;
  }

  async end(reason: string): Promise<void> {
    this.#lose(reason);
    await this.#thread.terminate();
  }

  #take(message: FromFingerprint): void {
    switch (message.kind) {
      case 'ready':
        this.#isReady = true;
        return;
      case 'parsing':
        this.#timer = setTimeout(
          () => void this.end(`tags took longer than ${this.#timeLimitMs} ms`),
          this.#timeLimitMs,
        );
        return;
      case 'done': {
        clearTimeout(this.#timer);
        const pending = this.#pending;
        this.#pending = undefined;
        pending?.resolve(message.result);
      }
    }
  }

  #lose(reason: string, cause?: unknown): void {
    clearTimeout(this.#timer);
    this.#lost ??= new ThreadLostError(reason, this.#isReady, cause);
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(this.#lost);
  }
}

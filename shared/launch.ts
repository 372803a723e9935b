/**
 * How the engine and the archive get threads, processes and SQL files without knowing where they lie or how this
 * program starts them: the shell passes a `Launch` in. A desktop starts processes another way than Node does.
 */

/** Runs beside us in this process. Trusted code only. */
export type ThreadName = 'scan' | 'fingerprint' | 'views';
/** Runs in a process of its own, with no environment of ours: may read what strangers sent. */
export type ProcessName = 'read-media' | 'cover';
/** A folder of numbered SQL files. */
export type SqlFolderName = 'ledger';

export interface Thread {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
  onError(listener: (error: Error) => void): void;
  /** Called once, also after {@link terminate}. */
  onExit(listener: (code: number) => void): void;
  terminate(): Promise<void>;
  /** Whether this thread keeps the program alive. */
  ref(): void;
  unref(): void;
}

export interface HelperProcess {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with the exit code or the signal's name; also when it could not be started. */
  onExit(listener: (reason: number | string) => void): void;
  /** Ends it at once, without asking. */
  kill(): void;
}

export interface Launch {
  /** `data` arrives as the thread's `workerData`. */
  thread(name: ThreadName, data: unknown): Thread;
  /** A process whose JavaScript heap is limited; its environment is empty but for what Node itself needs. */
  process(name: ProcessName, limits: { readonly heapMiB: number }): HelperProcess;
  sqlFolder(name: SqlFolderName): string;
}

/** What a command needs of the world outside, so that it can be run without a terminal of its own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Calls back at these signals instead of ending; the answer takes the listener away again. */
  readonly onSignal: (listener: (signal: StopSignal) => void) => () => void;
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface Output {
  write(text: string): unknown;
  /** Whoever read it has gone. */
  readonly destroyed?: boolean;
  readonly isTTY?: boolean;
  /** Columns and rows, on a terminal only; asked of the system each time. */
  getWindowSize?(): [columns: number, rows: number];
}

/** How large the terminal is now; the classic size where there is none. */
export const sizeOf = (output: Output): { readonly columns: number; readonly rows: number } => {
  const [columns, rows] = output.getWindowSize?.() ?? [0, 0];
  // A terminal that does not know its size says 0.
  return { columns: columns === 0 ? 80 : columns, rows: rows === 0 ? 24 : rows };
};

export type Input = NodeJS.ReadableStream & {
  readonly isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
};

const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The world of this process. */
export const processIo = (): Io => {
  // Who reads our output may go (`| head`, a closed terminal): no reason to leave work half done.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreGoneReader);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    onSignal: (listener) => {
      for (const signal of STOP_SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of STOP_SIGNALS) process.off(signal, listener);
      };
    },
  };
};

const ignoreGoneReader = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
};

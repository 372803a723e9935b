import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ENVIRONMENT, NODE_FLAGS } from '../../scripts/lib/program.mjs';
import { bound } from './lesser-root.ts';
import { killProcess } from './processes.ts';
import { waitFor, type WaitOptions } from './wait-for.ts';

const MAIN = fileURLToPath(new URL('../../src-main/headless/main.ts', import.meta.url));

export interface CliOptions {
  /** On top of this process's own, from which everything of ours and of the test runner is taken out. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it reads from standard input, which then ends; nothing unless told. */
  readonly input?: string;
  /** After this it is killed and `done` fails. 60,000 ms unless told. */
  readonly timeoutMs?: number;
  /** The script to run instead of ours. */
  readonly entry?: string;
  /** More flags for Node itself. */
  readonly nodeFlags?: readonly string[];
  /** The modes of files hold for it, also when root runs it. */
  readonly bound?: boolean;
}

export interface CliResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of stdout, where that is JSON; else undefined. */
  readonly json: unknown;
}

export interface RunningCli {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly done: Promise<CliResult>;
  readonly kill: (signal?: NodeJS.Signals) => boolean;
  /** The first match in stdout or stderr; fails when the program ends without one. */
  readonly says: (pattern: RegExp, options?: WaitOptions) => Promise<RegExpExecArray>;
}

/** Starts the command line in a process of its own, as `npm start` does. Whoever starts it awaits `done`, killed or not. */
export const startCli = (args: readonly string[], options: CliOptions = {}): RunningCli => {
  const flags = [...NODE_FLAGS, ...(options.nodeFlags ?? []), options.entry ?? MAIN, ...args];
  const [command, argv] = options.bound === true ? bound(process.execPath, flags) : [process.execPath, flags];
  const child = spawn(command, argv, {
    cwd: options.cwd,
    env: { ...ENVIRONMENT, ...cleanEnvironment(), ...options.env },
    stdio: 'pipe',
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${process.execPath} could not be started`);
  let stdout = '';
  let stderr = '';
  let ended = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A program that ends without reading its input breaks the pipe; that is its right.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');

  const done = new Promise<CliResult>((resolve, reject) => {
    const timeoutMs = options.timeoutMs ?? 60_000;
    const timer = setTimeout(() => {
      killProcess(pid);
      reject(new Error(`Not done after ${timeoutMs} ms: ${args.join(' ')}\n${stdout}\n${stderr}`));
    }, timeoutMs);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      ended = true;
      resolve({ code, signal, stdout, stderr, json: lastJson(stdout) });
    });
  });
  return {
    pid,
    done,
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => !ended && killProcess(pid, signal),
    says: async (pattern, waitOptions) => {
      const match = await waitFor(
        `output that matches ${pattern}`,
        () => pattern.exec(stdout) ?? pattern.exec(stderr) ?? (ended ? 'ended' : null),
        waitOptions,
      );
      if (match === 'ended') throw new Error(`It ended without saying ${pattern}:\n${stdout}\n${stderr}`);
      return match;
    },
  };
};

export const runCli = (args: readonly string[], options?: CliOptions): Promise<CliResult> =>
  startCli(args, options).done;

const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(LEDGERLINE_|VITEST|NODE_OPTIONS$|FORCE_COLOR$)/.test(name),
    ),
  );

const lastJson = (stdout: string): unknown => {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (!/^[[{]/.test(line)) return undefined;
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

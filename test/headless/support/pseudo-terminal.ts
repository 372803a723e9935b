import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../../kit/wait-for.ts';

const MAIN = fileURLToPath(new URL('../../../src-main/headless/main.ts', import.meta.url));

export interface TerminalRun {
  readonly output: () => string;
  readonly says: (pattern: RegExp) => Promise<unknown>;
  readonly type: (keys: string) => void;
  /** The exit code. */
  readonly done: Promise<number | null>;
}

/** The command line in a terminal of its own, made by util-linux' `script`, which every Linux has. */
export const runInTerminal = (
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): TerminalRun => {
  const words = [process.execPath, MAIN, ...argv].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const child = spawn('script', ['-qefc', words.join(' '), '/dev/null'], {
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', LC_ALL: 'C.UTF-8', ...env },
    stdio: 'pipe',
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return {
    output: () => output,
    says: (pattern) => waitFor(`a terminal that shows ${pattern}`, () => pattern.test(output)),
    type: (keys) => void child.stdin.write(keys),
    done: new Promise((resolve) => child.once('close', resolve)),
  };
};

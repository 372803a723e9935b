import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { ROOT } from './tracked.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves as soon as the text was printed to stdout; rejects when the program ends before. */
  readonly printed: (text: string) => Promise<void>;
  /** Its exit code, as soon as it is gone. */
  readonly exited: Promise<number | null>;
  /** Also everything that held its output is gone. */
  readonly ended: Promise<Ended>;
}

export interface Checkout {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly npmCalls: () => readonly {
    readonly command: string;
    readonly rest: readonly string[];
    readonly path: string;
  }[];
  readonly remove: () => void;
}

/** A copy of what the two commands need, with `main` for the program and a stand-in for npm. */
export const makeCheckout = (main: string): Checkout => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'ledgerline-checkout-')));
  for (const name of ['scripts', '.ci', 'package.json', 'package-lock.json'])
    cpSync(join(ROOT, name), join(root, name), { recursive: true });
  mkdirSync(join(root, 'src-main', 'headless'), { recursive: true });
  writeFileSync(join(root, 'src-main', 'headless', 'main.ts'), main);
  const npm = join(root, 'fake', 'npm-cli.js');
  cpSync(join(import.meta.dirname, 'fake-npm.mjs'), npm);
  return {
    root,
    env: {
      PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
      HOME: root,
      npm_execpath: npm,
      npm_node_execpath: process.execPath,
      // Any program that answers --version will do: no test here opens a page.
      CHROMIUM_PATH: process.execPath,
    },
    npmCalls: () => {
      const lines = readFileSync(join(root, 'npm-calls.log'), 'utf8').trim().split('\n');
      return lines.map((line) => JSON.parse(line) as ReturnType<Checkout['npmCalls']>[number]);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
};

export const run = (
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly uid?: number },
): Running => {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...output.texts() }));
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { kill: (signal) => void child.kill(signal), printed: output.printed, exited, ended };
};

const collect = (child: ChildProcessByStdio<null, Readable, Readable>) => {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return {
    texts: () => ({ stdout, stderr }),
    printed: (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (stdout.includes(text)) resolve();
        };
        look();
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`It ended without "${text}": ${stdout}${stderr}`)));
      }),
  };
};

import { spawn } from 'node:child_process';

/**
 * @typedef {import('./tally.mjs').StepEnding} StepEnding
 * @typedef {{ readonly command: string, readonly args: readonly string[], readonly env?: NodeJS.ProcessEnv,
 *   readonly cwd: string, readonly limitMs: number }} Step
 */

const GRACE_MS = 5000;

/**
 * Runs one step of the checks in a process group of its own, so that nothing it started outlives it and so that
 * Ctrl-C reaches us alone, who still have to count.
 * @param {Step} step
 * @param {AbortSignal} stop
 * @returns {Promise<StepEnding & { readonly stopped: boolean, readonly seconds: number }>}
 */
export const runStep = ({ command, args, env, cwd, limitMs }, stop) =>
  new Promise((resolve) => {
    const began = performance.now();
    const windows = process.platform === 'win32';
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: !windows,
      shell: windows,
    });
    /** @param {NodeJS.Signals} signal */
    const end = (signal) => {
      if (windows || child.pid === undefined) child.kill(signal);
      else killGroup(child.pid, signal);
    };
    let timedOut = false;
    /** @type {NodeJS.Timeout | undefined} */
    let last;
    const ask = () => {
      end('SIGTERM');
      last ??= setTimeout(() => end('SIGKILL'), GRACE_MS);
    };
    const limit = setTimeout(() => {
      timedOut = true;
      ask();
    }, limitMs);
    stop.addEventListener('abort', ask);
    if (stop.aborted) ask();
    /** @param {number | null} code @param {NodeJS.Signals | null} signal */
    const finish = (code, signal) => {
      clearTimeout(limit);
      clearTimeout(last);
      stop.removeEventListener('abort', ask);
      // What it left running in the background would write after the closing line.
      end('SIGKILL');
      resolve({ code, signal, timedOut, stopped: stop.aborted, seconds: (performance.now() - began) / 1000 });
    };
    child.once('exit', finish);
    child.once('error', (error) => {
      process.stdout.write(`${command} could not be started: ${error.message}\n`);
      finish(127, null);
    });
  });

/**
 * @param {number} pid the group's first process
 * @param {NodeJS.Signals} signal
 */
const killGroup = (pid, signal) => {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Nobody is left in the group: that is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

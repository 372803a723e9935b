import { spawn } from 'node:child_process';

/**
 * @typedef {{ readonly code: number | null, readonly signal: NodeJS.Signals | null }} Ending
 */

/** @type {readonly NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end and hands every request to stop on to it. Whether and how fast it stops is its own
 * decision, so the waiting goes on. In a terminal the program gets Ctrl-C from the system as well: it sees it twice.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {(child: import('node:child_process').ChildProcess) => void} [started]
 * @returns {Promise<Ending & { readonly asked: NodeJS.Signals | undefined }>} `asked`: the last signal that was handed on
 */
export const runForwarding = (command, args, options, started) =>
  new Promise((resolve, reject) => {
    /** @type {NodeJS.Signals | undefined} */
    let asked;
    const child = spawn(command, args, options);
    const listeners = FORWARDED.map((signal) => {
      const listener = () => {
        asked = signal;
        child.kill(signal);
      };
      process.on(signal, listener);
      return { signal, listener };
    });
    const stopListening = () => {
      for (const { signal, listener } of listeners) process.off(signal, listener);
    };
    child.once('error', (error) => {
      stopListening();
      reject(error);
    });
    // 'close', not 'exit': what it printed has then been read to its end.
    child.once('close', (code, signal) => {
      stopListening();
      resolve({ code, signal, asked });
    });
    started?.(child);
  });

/**
 * Ends this process as the program ended, also by the same signal, so that a shell or npm sees no difference.
 * @param {Ending} ending
 */
export const endLike = ({ code, signal }) => {
  if (signal === null) {
    process.exitCode = code ?? 1;
    return;
  }
  process.exitCode = 1;
  // Keeps the event loop alive until the signal arrives; if it is ignored here, the code above holds.
  setTimeout(() => undefined, 1000);
  process.kill(process.pid, signal);
};

import type Electron from 'electron';
import { type ChildProcess, fork } from 'node:child_process';
import { Emitter, type Without } from './emitter.ts';
import { world } from './world.ts';

const PARENT_PORT = new URL('parent-port.ts', import.meta.url).href;

/** A forked Node that finds a `process.parentPort` as in Electron. */
export class UtilityProcess
  extends Emitter
  implements Without<Electron.UtilityProcess, 'postMessage' | 'kill' | 'pid'>
{
  readonly #child: ChildProcess;
  #isGone = false;
  constructor(modulePath: string, args: readonly string[], options: Electron.ForkOptions) {
    super();
    const { serviceName = 'Node Utility Process', env = process.env, stdio } = options;
    const out = stdio === 'ignore' ? 'ignore' : 'pipe';
    this.#child = fork(modulePath, args, {
      execArgv: [
        '--disable-warning=ExperimentalWarning',
        '--import',
        PARENT_PORT,
        ...(options.execArgv ?? []),
      ],
      serialization: 'advanced',
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', out, out, 'ipc'],
    });
    const said = (chunk: Buffer): void => void world.output.push(chunk.toString('utf8'));
    this.#child.stdout?.on('data', said);
    this.#child.stderr?.on('data', said);
    if (this.#child.pid !== undefined) world.processes.set(serviceName, this.#child.pid);
    this.#child.on('spawn', () => this.emit('spawn'));
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.on('exit', (code) => {
      this.#isGone = true;
      if (world.processes.get(serviceName) === this.#child.pid) world.processes.delete(serviceName);
      this.emit('exit', code ?? 1);
    });
  }
  get pid(): number | undefined {
    return this.#isGone ? undefined : this.#child.pid;
  }
  postMessage(message: unknown): void {
    // As Electron has it, what is said to somebody who is gone is lost without a word.
    if (this.#child.connected) this.#child.send(message as object, () => undefined);
  }
  kill(): boolean {
    return this.#child.kill();
  }
}

export const utilityProcess = {
  fork: (modulePath: string, args: readonly string[] = [], options: Electron.ForkOptions = {}) =>
    new UtilityProcess(modulePath, args, options),
};

import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { CallInput, CallName, CallOutput } from '../../shared/bridge/calls.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import type { EngineDeeds, MainDeeds } from '../../src-main/desktop/engine/deeds.ts';
import { createLine, type Line } from '../../src-main/desktop/engine/line.ts';

export interface PackedEngine {
  readonly engine: Line<EngineDeeds>;
  readonly call: <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>;
  readonly state: () => PageState | undefined;
  readonly faults: readonly string[];
  /** Those that were started, by name. */
  readonly helpers: readonly string[];
  readonly close: () => Promise<void>;
}

const PARENT_PORT = new URL('../electron-double/parent-port.ts', import.meta.url).href;

/** Starts the packed engine under plain Node, in the place of Electron's main process. */
export const startPackedEngine = async (main: string, dataFolder: string): Promise<PackedEngine> => {
  const faults: string[] = [];
  const names: string[] = [];
  const helpers = new Map<number, ChildProcess>();
  let state: PageState | undefined;
  let calls = 0;
  const child = startLikeElectron(join(main, 'engine.js'));

  const deeds: MainDeeds = {
    state: (told) => void (state = told),
    fault: (stack) => void faults.push(stack),
    getSecret: async () => undefined,
    setSecret: async () => undefined,
    forgetSecret: async () => undefined,
    forgetSecretsBut: async () => undefined,
    startHelper: ({ helper, name, heapMiB }) => {
      names.push(name);
      const process = startLikeElectron(join(main, 'helper.js'), [name, String(heapMiB)], {});
      helpers.set(helper, process);
      process.on('message', (message) => engine.tell('helperSaid', { helper, message }));
      process.on('exit', (code) => engine.tell('helperGone', { helper, reason: code ?? 1 }));
    },
    tellHelper: ({ helper, message }) => void helpers.get(helper)?.send(message as object, () => undefined),
    endHelper: (helper) => void helpers.get(helper)?.kill(),
  };
  const engine = createLine<EngineDeeds>(
    {
      post: (message) => void child.send(message as object, () => undefined),
      onMessage: (listener) => void child.on('message', listener),
    },
    deeds,
    (error) => void faults.push(String(error)),
  );
  child.on('exit', (code) => engine.cut(new Error(`The packed engine ended with ${code}`)));
  await engine.ask('open', { dataFolder, userAgent: 'Ledgerline/test' });
  return {
    engine,
    call: async (name, input) => {
      calls += 1;
      const answered = await engine.ask('answer', { id: calls, call: name, input });
      if (answered?.kind !== 'done') throw new Error(`${name} was not done: ${JSON.stringify(answered)}`);
      return answered.output as CallOutput<typeof name>;
    },
    state: () => state,
    faults,
    helpers: names,
    close: async () => {
      await engine.ask('close', undefined);
      for (const process of [child, ...helpers.values()]) await ended(process);
    },
  };
};

const startLikeElectron = (entry: string, args: readonly string[] = [], env = process.env): ChildProcess =>
  fork(entry, args, {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', PARENT_PORT],
    serialization: 'advanced',
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });

import { join } from 'node:path';
import type { HelperProcess, Launch } from '../../../shared/launch.ts';
import { startThread } from '../../shell/threads.ts';
import type { MainDeeds } from './deeds.ts';
import type { Line } from './line.ts';

export interface DesktopLaunch {
  readonly launch: Launch;
  readonly helperSaid: (said: { readonly helper: number; readonly message: unknown }) => void;
  readonly helperGone: (gone: { readonly helper: number; readonly reason: number | string }) => void;
}

interface Listeners {
  readonly said: ((message: unknown) => void)[];
  readonly gone: ((reason: number | string) => void)[];
}

/** Threads and SQL files as the build laid them out beside this file; helper processes through main. */
export const desktopLaunch = (main: Pick<Line<MainDeeds>, 'tell'>): DesktopLaunch => {
  const helpers = new Map<number, Listeners>();
  let last = 0;

  const startHelper: Launch['process'] = (name, { heapMiB }): HelperProcess => {
    last += 1;
    const helper = last;
    const listeners: Listeners = { said: [], gone: [] };
    helpers.set(helper, listeners);
    main.tell('startHelper', { helper, name, heapMiB });
    return {
      send: (message) => main.tell('tellHelper', { helper, message }),
      onMessage: (listener) => void listeners.said.push(listener),
      onExit: (listener) => void listeners.gone.push(listener),
      kill: () => main.tell('endHelper', helper),
    };
  };

  return {
    launch: {
      thread: (name, data) => startThread(name, new URL(`${name}.js`, import.meta.url), data),
      process: startHelper,
      sqlFolder: (name) => join(import.meta.dirname, 'sql', name),
    },
    helperSaid: ({ helper, message }) => {
      for (const listener of helpers.get(helper)?.said ?? []) listener(message);
    },
    helperGone: ({ helper, reason }) => {
      const listeners = helpers.get(helper);
      helpers.delete(helper);
      for (const listener of listeners?.gone ?? []) listener(reason);
    },
  };
};

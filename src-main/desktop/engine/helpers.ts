import { utilityProcess, type UtilityProcess } from 'electron';
import type { EngineDeeds, MainDeeds } from './deeds.ts';
import type { Line } from './line.ts';

export interface Helpers {
  readonly deeds: Pick<MainDeeds, 'startHelper' | 'tellHelper' | 'endHelper'>;
  /** With the engine that they worked for. */
  readonly endAll: () => void;
}

/** Starts and ends processes for the engine, which cannot do so itself, and carries what they say. */
export const createHelpers = (entry: string, engine: () => Pick<Line<EngineDeeds>, 'tell'>): Helpers => {
  const running = new Map<number, UtilityProcess>();
  return {
    deeds: {
      startHelper: ({ helper, name, heapMiB }) => {
        const child = utilityProcess.fork(entry, [name, String(heapMiB)], {
          serviceName: `Ledgerline ${name}`,
          env: {},
          stdio: 'ignore',
        });
        running.set(helper, child);
        child.on('message', (message: unknown) => engine().tell('helperSaid', { helper, message }));
        child.on('exit', (code) => {
          running.delete(helper);
          engine().tell('helperGone', { helper, reason: code });
        });
      },
      tellHelper: ({ helper, message }) => running.get(helper)?.postMessage(message),
      endHelper: (helper) => void running.get(helper)?.kill(),
    },
    endAll: () => {
      for (const child of running.values()) child.kill();
    },
  };
};

import type { PageState } from '../../../shared/bridge/state.ts';

/** Tells whoever listens how things stand: at once, then when it changed, at most four times a second. */
export interface Teller {
  readonly onState: (listener: (state: PageState) => void) => () => void;
  readonly close: () => void;
}

const EVERY_MS = 250;

/** @param read must not throw; is not asked while nobody listens */
export const createTeller = (read: () => PageState): Teller => {
  const listeners = new Set<(state: PageState) => void>();
  let timer: NodeJS.Timeout | undefined;
  let told = '';

  const tell = (): void => {
    const state = read();
    const text = JSON.stringify(state);
    if (text === told) return;
    told = text;
    for (const listener of listeners) listener(state);
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    onState: (listener) => {
      const state = read();
      // To those who listen already a change has yet to be told.
      if (listeners.size === 0) told = JSON.stringify(state);
      listener(state);
      listeners.add(listener);
      timer ??= setInterval(tell, EVERY_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    close: () => {
      listeners.clear();
      stop();
    },
  };
};

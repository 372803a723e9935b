/** A value that listeners are told: at once if there is one, and whenever it changes. */
export interface Told<T> {
  readonly tell: (value: T) => void;
  readonly listen: (listener: (value: T) => void) => () => void;
}

export const createTold = <T>(first?: T): Told<T> => {
  let last = first;
  const listeners = new Set<(value: T) => void>();
  return {
    tell: (value) => {
      last = value;
      for (const listener of listeners) listener(value);
    },
    listen: (listener) => {
      listeners.add(listener);
      if (last !== undefined) listener(last);
      return () => void listeners.delete(listener);
    },
  };
};

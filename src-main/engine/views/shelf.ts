/** Views that are open, by the reference that was given out for each. */
export interface Shelf<T> {
  readonly put: (view: T) => number;
  /** Undefined where it was given up. */
  readonly get: (ref: number) => T | undefined;
  readonly giveUp: (ref: number) => void;
}

/** Keeps the `most` that were used last. */
export const createShelf = <T>(most: number, nextRef: () => number): Shelf<T> => {
  const views = new Map<number, T>();
  return {
    put: (view) => {
      const ref = nextRef();
      views.set(ref, view);
      for (const oldest of views.keys()) {
        if (views.size <= most) break;
        views.delete(oldest);
      }
      return ref;
    },
    get: (ref) => {
      const view = views.get(ref);
      if (view === undefined) return undefined;
      views.delete(ref);
      views.set(ref, view);
      return view;
    },
    giveUp: (ref) => void views.delete(ref),
  };
};

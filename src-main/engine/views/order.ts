/** The ids of a view in its order, which stays as it is. */
export interface Order {
  readonly tracks: number;
  /** Undefined: it cannot be told any more. */
  readonly slice: (from: number, to: number) => Uint32Array | undefined;
}

export const orderOf = (ids: Uint32Array): Order => ({
  tracks: ids.length,
  slice: (from, to) => ids.subarray(from, to),
});

/** Who looks at a table sees its top; so many are found at once. */
export const FIRST = 1000;

/**
 * An order of which only the beginning is known until there is more to be seen. Where the ledger then has another
 * beginning or another number of tracks, the order that was told of is lost.
 */
export const orderFrom = (first: Uint32Array, tracks: number, find: () => Uint32Array): Order => {
  let all = first.length === tracks ? first : undefined;
  return {
    tracks,
    slice: (from, to) => {
      if (to <= first.length) return first.subarray(from, to);
      if (all === undefined) {
        const now = find();
        if (now.length !== tracks || first.some((id, at) => now[at] !== id)) return undefined;
        all = now;
      }
      return all.subarray(from, to);
    },
  };
};

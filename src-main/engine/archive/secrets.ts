/** Where what signs a person in outlives the program. Only the shell knows how safe a place that is. */
export interface Secrets {
  readonly get: (name: string) => Promise<string | undefined>;
  /** Resolves when it is kept. */
  readonly set: (name: string, secret: string) => Promise<void>;
  readonly forget: (name: string) => Promise<void>;
  /** undefined: all of them. */
  readonly forgetAllBut: (name: string | undefined) => Promise<void>;
}

/** As long as the program lives. */
export const memorySecrets = (): Secrets => {
  const kept = new Map<string, string>();
  return {
    get: (name) => Promise.resolve(kept.get(name)),
    set: async (name, secret) => void kept.set(name, secret),
    forget: async (name) => void kept.delete(name),
    forgetAllBut: async (name) => {
      for (const other of kept.keys()) if (other !== name) kept.delete(other);
    },
  };
};

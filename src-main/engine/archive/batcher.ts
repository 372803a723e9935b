/**
 * Gathers single requests that come within a few milliseconds into one batch request. Each caller gets its own
 * result; when the whole batch fails, every caller gets that error. `send` resolves to a result for each item, in their
 * order.
 */
export const createBatcher = <Item, Result>(
  send: (items: readonly Item[]) => Promise<readonly Result[]>,
  limits: { readonly items: number; readonly waitMs: number },
): ((item: Item) => Promise<Result>) => {
  interface Waiting {
    readonly item: Item;
    readonly resolve: (result: Result) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    try {
      const results = await send(batch.map(({ item }) => item));
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (waiting.length >= limits.items) void flush();
      else timer ??= setTimeout(() => void flush(), limits.waitMs);
    });
};

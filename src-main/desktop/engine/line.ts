import { systemCode } from '../../engine/errors.ts';

/** One end of what carries messages between two processes; they are structured clones, in their order. */
export interface Port {
  readonly post: (message: unknown) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
}

/** What a side does when the other asks it: one function for each name. */
type Input<Deed> = Deed extends (input: infer I) => unknown ? I : never;
type Output<Deed> = Deed extends (input: never) => infer O ? Awaited<O> : never;

export interface Line<Theirs> {
  /** Rejects with a {@link FarError}, or with why the line was cut. */
  readonly ask: <N extends keyof Theirs & string>(
    name: N,
    input: Input<Theirs[N]>,
  ) => Promise<Output<Theirs[N]>>;
  /** Nobody waits for what comes of it; the other side tells its faults itself. */
  readonly tell: <N extends keyof Theirs & string>(name: N, input: Input<Theirs[N]>) => void;
  /** Nothing will be answered any more. */
  readonly cut: (reason: Error) => void;
}

/** What went wrong on the other side, in its words. */
export class FarError extends Error {
  readonly code: string;
  constructor(code: string, message: string, stack: string) {
    super(message);
    this.name = 'FarError';
    this.code = code;
    this.stack = stack;
  }
}

type Message =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'tell'; readonly name: string; readonly input: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: Failure };
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly stack: string;
}

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Both sides are parts of one program that were built together, so what comes is trusted to be of the contract.
 * @param onFault what went wrong in a deed whose outcome nobody waits for
 */
export const createLine = <Theirs>(
  port: Port,
  mine: object,
  onFault: (error: unknown) => void,
): Line<Theirs> => {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let cut: Error | undefined;
  const post = (message: Message): void => port.post(message);
  const deeds = mine as Readonly<Record<string, (input: unknown) => unknown>>;

  const work = async (name: string, input: unknown): Promise<unknown> => {
    const deed = Object.hasOwn(deeds, name) ? deeds[name] : undefined;
    if (deed === undefined) throw new TypeError(`Nothing is done here that is called ${name}`);
    return deed(input);
  };
  const answer = async (id: number, name: string, input: unknown): Promise<void> => {
    try {
      post({ kind: 'done', id, output: await work(name, input) });
    } catch (error) {
      post({ kind: 'failed', id, error: failureOf(error) });
    }
  };
  const taken = (id: number): Waiting | undefined => {
    const one = waiting.get(id);
    waiting.delete(id);
    return one;
  };

  port.onMessage((given) => {
    const message = given as Message;
    switch (message.kind) {
      case 'ask':
        return void answer(message.id, message.name, message.input).catch(onFault);
      case 'tell':
        return void work(message.name, message.input).catch(onFault);
      case 'done':
        return taken(message.id)?.resolve(message.output);
      case 'failed': {
        const { code, message: words, stack } = message.error;
        return taken(message.id)?.reject(new FarError(code, words, stack));
      }
    }
  });

  return {
    ask: (name, input) =>
      new Promise((resolve, reject) => {
        if (cut !== undefined) return reject(cut);
        lastId += 1;
        waiting.set(lastId, { resolve: resolve as Waiting['resolve'], reject });
        post({ kind: 'ask', id: lastId, name, input });
      }),
    tell: (name, input) => {
      if (cut === undefined) post({ kind: 'tell', name, input });
    },
    cut: (reason) => {
      cut = reason;
      for (const { reject } of waiting.values()) reject(reason);
      waiting.clear();
    },
  };
};

const failureOf = (error: unknown): Failure => ({
  code: systemCode(error) ?? 'unexpected',
  message: error instanceof Error ? error.message : String(error),
  stack: error instanceof Error ? (error.stack ?? '') : '',
});

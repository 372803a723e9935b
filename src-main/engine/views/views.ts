import { randomInt } from 'node:crypto';
import type { Launch, Thread } from '../../../shared/launch.ts';
import { EngineError } from '../errors.ts';
import { ledgerTrouble } from '../ledger/open.ts';
import type { FromViews, ToViews, ViewCallName, ViewCalls, ViewsOrder } from './messages.ts';

/** The thread ended before it answered. The next question starts another. */
export class ViewsBrokenError extends EngineError {
  readonly code = 'views_broken';
  constructor(context: Readonly<Record<string, unknown>>, cause?: unknown) {
    super('Looking into the ledger broke off. Please try again.', context, cause);
  }
}

/** Views of the ledger, read in a thread beside its owner. */
export interface Views {
  /** @throws ViewsBrokenError, LedgerDamagedError, LedgerDiskError */
  readonly ask: <N extends ViewCallName>(
    call: N,
    input: Parameters<ViewCalls[N]>[0],
  ) => Promise<ReturnType<ViewCalls[N]>>;
  readonly close: () => Promise<void>;
}

interface Pending {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The thread is started by the first question, and does not keep the program alive.
 * @param onFault is told what ended a thread that should have gone on
 */
export const openViews = (launch: Launch, ledgerPath: string, onFault: (error: unknown) => void): Views => {
  const pending = new Map<number, Pending>();
  let thread: Thread | undefined;
  let closed = false;
  let asked = 0;

  const lose = (lost: Thread, error: ViewsBrokenError): void => {
    if (thread !== lost) return;
    if (!closed) onFault(error);
    thread = undefined;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  const take = (message: FromViews): void => {
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if ('output' in message) return waiting?.resolve(message.output);
    const { error, code } = message;
    waiting?.reject(ledgerTrouble(ledgerPath, code === undefined ? error : Object.assign(error, { code })));
  };
  const start = (): Thread => {
    const order: ViewsOrder = {
      ledgerPath,
      sqlFolder: launch.sqlFolder('ledger'),
      firstRef: randomInt(1, 2 ** 47),
    };
    const started = launch.thread('views', order);
    started.unref();
    started.onMessage((message) => take(message as FromViews));
    started.onError((error) => lose(started, new ViewsBrokenError({ ledgerPath }, error)));
    started.onExit((code) => lose(started, new ViewsBrokenError({ ledgerPath, exitCode: code })));
    return started;
  };

  return {
    ask: <N extends ViewCallName>(call: N, input: Parameters<ViewCalls[N]>[0]) => {
      if (closed) return Promise.reject(new ViewsBrokenError({ ledgerPath, closed }));
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      asked += 1;
      pending.set(asked, { resolve, reject });
      thread ??= start();
      thread.postMessage({ id: asked, call, input } satisfies ToViews);
      return promise as Promise<ReturnType<ViewCalls[N]>>;
    },
    close: async () => {
      closed = true;
      const last = thread;
      if (last === undefined) return;
      lose(last, new ViewsBrokenError({ ledgerPath, closed }));
      await last.terminate();
    },
  };
};

import {
  BridgeError,
  type Bridge,
  type FromPage,
  type Link,
  type ToPage,
} from '../../shared/bridge/bridge.ts';
import { CALLS, type CallInput, type CallName, type CallOutput } from '../../shared/bridge/calls.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { createTold } from './told.ts';

/** What every bridge has in common, whatever carries its messages. */
export interface Calling extends Bridge {
  /** A message that came and was found to be of the contract. */
  readonly hear: (message: ToPage) => void;
  readonly tellLink: (link: Link) => void;
  /** What was asked will not be answered any more. */
  readonly cutOff: () => void;
}

interface Pending {
  readonly settle: (output: unknown) => void;
  readonly fail: (error: Error) => void;
}

const NOT_ANSWERING = 'Ledgerline is not answering, so this was not done. Try again when it answers.';
const CUT_OFF =
  'Ledgerline stopped answering before it said whether this was done. Look, and try again if need be.';
const NOT_UNDERSTOOD =
  'This page and the program are of different versions. Load the page again; if that does not help, start Ledgerline again.';

/** @param send says whether the message is on its way */
export const createCalling = (send: (message: FromPage) => boolean): Calling => {
  const states = createTold<PageState>();
  const links = createTold<Link>('down');
  const pending = new Map<number, Pending>();
  let lastId = 0;

  const taken = (id: number): Pending | undefined => {
    const one = pending.get(id);
    pending.delete(id);
    return one;
  };
  return {
    hear: (message) => {
      switch (message.kind) {
        case 'state':
          return states.tell(message.state);
        case 'done':
          return taken(message.id)?.settle(message.output);
        case 'refused':
          return taken(message.id)?.fail(new BridgeError(message.error.code, message.error.message));
      }
    },
    tellLink: links.tell,
    cutOff: () => {
      for (const { fail } of pending.values()) fail(new BridgeError('cut_off', CUT_OFF));
      pending.clear();
    },
    onState: states.listen,
    onLink: links.listen,
    call: <N extends CallName>(name: N, input: CallInput<N>) =>
      new Promise<CallOutput<N>>((resolve, reject) => {
        lastId += 1;
        const id = lastId;
        pending.set(id, {
          fail: reject,
          settle: (output) => {
            const checked = CALLS[name].output.safeParse(output);
            // zod cannot tie the schema to the name that it was looked up by.
            if (checked.success) resolve(checked.data as CallOutput<N>);
            else reject(new BridgeError('not_understood', NOT_UNDERSTOOD));
          },
        });
        if (!send({ id, call: name, input }))
          taken(id)?.fail(new BridgeError('not_answering', NOT_ANSWERING));
      }),
  };
};

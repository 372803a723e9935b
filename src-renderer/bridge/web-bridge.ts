import {
  BridgeError,
  toPageSchema,
  type Bridge,
  type Link,
  type ToPage,
} from '../../shared/bridge/bridge.ts';
import { CALLS, type CallInput, type CallName, type CallOutput } from '../../shared/bridge/calls.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { createTold } from './told.ts';

/** What the bridge needs of a browser; `url` is the bridge's own, over http. */
export interface WebBridgeDeps {
  readonly url: URL;
  readonly openSocket: (url: URL) => WebSocket;
  readonly fetch: (url: URL) => Promise<Pick<Response, 'status'>>;
  readonly after: (milliseconds: number, then: () => void) => void;
}

interface Pending {
  readonly settle: (output: unknown) => void;
  readonly fail: (error: Error) => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

const NOT_ANSWERING = 'Ledgerline is not answering, so this was not done. Try again when it answers.';
const CUT_OFF =
  'Ledgerline stopped answering before it said whether this was done. Look, and try again if need be.';

/** The bridge over a WebSocket, opened again and again for as long as the page is there. */
export const createWebBridge = (deps: WebBridgeDeps): Bridge => {
  const states = createTold<PageState>();
  const links = createTold<Link>('down');
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let socket: WebSocket | undefined;
  let pauseMs = FIRST_PAUSE_MS;

  const hear = (message: ToPage): void => {
    switch (message.kind) {
      case 'state':
        states.tell(message.state);
        return links.tell('up');
      case 'done':
        pending.get(message.id)?.settle(message.output);
        return void pending.delete(message.id);
      case 'refused':
        pending.get(message.id)?.fail(new BridgeError(message.error.code, message.error.message));
        return void pending.delete(message.id);
    }
  };

  const closed = async (wasOpen: boolean): Promise<void> => {
    socket = undefined;
    for (const { fail } of pending.values()) fail(new BridgeError('cut_off', CUT_OFF));
    pending.clear();
    links.tell(wasOpen ? 'down' : await whyClosed());
    deps.after(pauseMs, open);
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  };

  /** A browser does not tell why a socket would not open; a plain request does. */
  const whyClosed = async (): Promise<Link> => {
    try {
      return (await deps.fetch(deps.url)).status === 401 ? 'refused' : 'down';
    } catch {
      // Nobody answers, which is what "down" says.
      return 'down';
    }
  };

  const open = (): void => {
    const url = new URL(deps.url);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const opening = deps.openSocket(url);
    let wasOpen = false;
    opening.addEventListener('open', () => {
      wasOpen = true;
      socket = opening;
      pauseMs = FIRST_PAUSE_MS;
    });
    opening.addEventListener('message', ({ data }) => {
      const message = read(data);
      if (message === undefined) opening.close();
      else hear(message);
    });
    opening.addEventListener('close', () => void closed(wasOpen));
  };

  open();
  return {
    onState: states.listen,
    onLink: links.listen,
    call: <N extends CallName>(name: N, input: CallInput<N>) =>
      new Promise<CallOutput<N>>((resolve, reject) => {
        if (socket?.readyState !== WebSocket.OPEN) {
          reject(new BridgeError('not_answering', NOT_ANSWERING));
          return;
        }
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
        socket.send(JSON.stringify({ id, call: name, input }));
      }),
  };
};

const NOT_UNDERSTOOD =
  'This page and the program are of different versions. Load the page again; if that does not help, start Ledgerline again.';

/** undefined: not of this contract, so nothing after it can be trusted either. */
const read = (data: unknown): ToPage | undefined => {
  if (typeof data !== 'string') return undefined;
  try {
    const parsed = toPageSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

import { toPageSchema, type Bridge, type Link, type ToPage } from '../../shared/bridge/bridge.ts';
import { createCalling } from './calling.ts';

/** What the bridge needs of a browser; `url` is the bridge's own, over http. */
export interface WebBridgeDeps {
  readonly url: URL;
  readonly openSocket: (url: URL) => WebSocket;
  readonly fetch: (url: URL) => Promise<Pick<Response, 'status'>>;
  readonly after: (milliseconds: number, then: () => void) => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** The bridge over a WebSocket, opened again and again for as long as the page is there. */
export const createWebBridge = (deps: WebBridgeDeps): Bridge => {
  let socket: WebSocket | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  const calling = createCalling((message) => {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(message));
    return true;
  });

  const closed = async (wasOpen: boolean): Promise<void> => {
    socket = undefined;
    calling.cutOff();
    calling.tellLink(wasOpen ? 'down' : await whyClosed());
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
    });
    opening.addEventListener('message', ({ data }) => {
      const message = read(data);
      if (message === undefined) return opening.close();
      calling.hear(message);
      if (message.kind !== 'state') return;
      pauseMs = FIRST_PAUSE_MS;
      calling.tellLink('up');
    });
    opening.addEventListener('close', () => void closed(wasOpen));
  };

  open();
  return { call: calling.call, onState: calling.onState, onLink: calling.onLink };
};

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

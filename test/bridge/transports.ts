import { onTestFinished } from 'vitest';
import type { Bridge, Link, ToPage } from '../../shared/bridge/bridge.ts';
import type { CallInput, CallName, CallOutput } from '../../shared/bridge/calls.ts';
import type { DesktopDoor } from '../../shared/ipc.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { createPageLink } from '../../src-main/desktop/page/page-link.ts';
import { EngineGoneError } from '../../src-main/desktop/engine/gone.ts';
import { systemClock } from '../../src-main/engine/clock.ts';
import { answer } from '../../src-main/engine/host/answer.ts';
import type { Host } from '../../src-main/engine/host/host.ts';
import { startWebServer } from '../../src-main/headless/web/server.ts';
import { createDesktopBridge } from '../../src-renderer/bridge/desktop-bridge.ts';
import { createWebBridge } from '../../src-renderer/bridge/web-bridge.ts';
import { testFolder } from '../kit/test-folder.ts';

/** What stands at the far end of a bridge in these tests. */
export interface FarEnd {
  readonly calls: {
    readonly [N in CallName]?: (input: CallInput<N>) => Promise<CallOutput<N>> | CallOutput<N>;
  };
  readonly first: PageState;
  /** Given by the transport: tells every page. */
  tell: (state: PageState) => void;
  readonly faults: unknown[];
}

export interface Carried {
  readonly bridge: Bridge;
  /** The far end is gone from now on. */
  readonly vanish: () => Promise<void>;
}

/** Whatever carries the messages has to come through the same tests. */
export const TRANSPORTS: readonly (readonly [string, (far: FarEnd) => Promise<Carried>])[] = [
  ['a WebSocket on loopback', (far) => overLoopback(far)],
  ['the channels of the desktop', (far) => Promise.resolve(overChannels(far))],
];

/** The real server, and the page's end on Node's own WebSocket. */
const overLoopback = async (far: FarEnd): Promise<Carried> => {
  const listeners = new Set<(state: PageState) => void>();
  let last = far.first;
  far.tell = (state) => {
    last = state;
    for (const listener of listeners) listener(state);
  };
  const host = {
    calls: far.calls as Host['calls'],
    cover: () => Promise.resolve(undefined),
    onState: (listener: (state: PageState) => void) => {
      listeners.add(listener);
      listener(last);
      return () => void listeners.delete(listener);
    },
  };
  const server = await startWebServer(host, {
    host: '127.0.0.1',
    port: 0,
    pageFolder: testFolder('page'),
    onFault: (error) => void far.faults.push(error),
    monotonic: systemClock.monotonic,
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= server.close());
  onTestFinished(close);
  const link = new URL(server.newLink());
  const entered = await fetch(link, { redirect: 'manual' });
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const timers = new Set<NodeJS.Timeout>();
  onTestFinished(() => {
    for (const timer of timers) clearTimeout(timer);
  });
  const bridge = createWebBridge({
    url: new URL('/bridge', link),
    // Node's own takes headers, of which the types of a browser's know nothing.
    openSocket: (url) =>
      Reflect.construct(WebSocket, [url, { headers: { cookie, origin: link.origin } }]) as WebSocket,
    fetch: (url) => fetch(url, { headers: { cookie }, redirect: 'manual' }),
    after: (milliseconds, then) => void timers.add(setTimeout(then, milliseconds)),
  });
  return { bridge, vanish: close };
};

/** Main's end and the page's; between them what Electron does to a message: a structured clone, a little later. */
const overChannels = (far: FarEnd): Carried => {
  let isGone = false;
  const toPage = new Set<(message: ToPage) => void>();
  const toPageLink = new Set<(link: Link) => void>();
  const later = <T>(message: T, deliver: (copy: T) => void): void => {
    const copy = structuredClone(message);
    setImmediate(() => deliver(copy));
  };
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => undefined);
  const onFault = (error: unknown): void => void far.faults.push(error);
  const main = createPageLink({
    tell: (message) => later(message, (copy) => toPage.forEach((listener) => listener(copy))),
    tellLink: (link) => later(link, (copy) => toPageLink.forEach((listener) => listener(copy))),
    shellCalls: {},
    askEngine: (message) =>
      isGone
        ? Promise.reject(new EngineGoneError())
        : Promise.race([answer(far.calls, message, onFault), gone.promise]),
    onFault,
  });
  const door: DesktopDoor = {
    ask: (message) => later(message, main.asks),
    listen: (onMessage, onLink) => {
      toPage.add(onMessage);
      toPageLink.add(onLink);
      later(null, main.listens);
    },
    dropped: () => Promise.resolve([]),
  };
  far.tell = main.showState;
  main.showState(far.first);
  main.showLink('up');
  return {
    bridge: createDesktopBridge(door),
    vanish: async () => {
      isGone = true;
      gone.reject(new EngineGoneError());
      main.showLink('down');
    },
  };
};

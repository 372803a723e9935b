import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { toPageSchema } from '../../../shared/bridge/bridge.ts';
import type { CallInput, CallName, CallOutput } from '../../../shared/bridge/calls.ts';
import { CALLS } from '../../../shared/bridge/calls.ts';
import type { PageState } from '../../../shared/bridge/state.ts';
import { systemClock } from '../../../src-main/engine/clock.ts';
import { startWebServer, type WebServer } from '../../../src-main/headless/web/server.ts';
import { type HostWishes, openTestHost, refOf as refOfCalls, type TestHost } from '../../kit/host.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor, type WaitOptions } from '../../kit/wait-for.ts';

export const PAGE_TEXT = '<!doctype html><title>The page</title><script src="assets/app.js"></script>';

/** A built page, as small as one can be. */
export const pageFolder = (): string => {
  const folder = join(testFolder('page'), 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), PAGE_TEXT);
  writeFileSync(join(folder, 'assets', 'app.js'), 'export {};');
  return folder;
};

export interface WebWorld {
  readonly host: TestHost;
  readonly server: WebServer;
  /** What should not have happened. */
  readonly faults: readonly unknown[];
  readonly close: () => Promise<void>;
}

export interface WebWishes extends HostWishes {
  readonly monotonic?: () => number;
}

/** Host and web server as the command line puts them together, in this process. Closed when the test is over. */
export const openWeb = async (wishes: WebWishes = {}): Promise<WebWorld> => {
  const faults: unknown[] = [];
  const host = await openTestHost(wishes);
  const server = await startWebServer(host, {
    host: '127.0.0.1',
    port: 0,
    pageFolder: pageFolder(),
    onFault: (error) => void faults.push(error),
    monotonic: wishes.monotonic ?? systemClock.monotonic,
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= server.close().then(host.close));
  onTestFinished(close);
  return {
    host,
    server,
    get faults() {
      return [...faults, ...host.faults];
    },
    close,
  };
};

/** A browser that came by a link. */
export interface Browser {
  readonly origin: string;
  readonly cookie: string;
}

export const enter = async (link: string): Promise<Browser> => {
  const answer = await fetch(link);
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`The link let nobody in: ${answer.status}`);
  return { origin: new URL(link).origin, cookie };
};

/** Asks for a WebSocket with these headers. Who is refused is told so, or the line is simply closed. */
export const knock = (
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<'opened' | 'refused'> =>
  new Promise((resolve, reject) => {
    const asked = request(url, {
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    asked.once('response', (answer) => {
      answer.resume();
      resolve('refused');
    });
    asked.once('upgrade', (_answer, socket) => {
      socket.destroy();
      resolve('opened');
    });
    asked.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve('refused') : reject(error),
    );
    asked.end();
  });

/** The page's end of the bridge. What comes is checked against the contract. */
export interface Page {
  readonly call: <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>;
  /** The answer as it came; also to what the contract does not know. */
  readonly ask: (call: string, input: unknown) => Promise<unknown>;
  readonly send: (text: string | Uint8Array) => void;
  readonly states: readonly PageState[];
  /** The first state from now on for which that holds, the current one included. */
  readonly sees: (
    what: string,
    check: (state: PageState) => boolean,
    options?: WaitOptions,
  ) => Promise<PageState>;
  /** The code with which the other side closed. */
  readonly closed: Promise<number>;
  readonly close: () => void;
}

export const openPage = async ({ origin, cookie }: Browser): Promise<Page> => {
  // Node's own WebSocket takes headers, which a browser's does not.
  const options = { headers: { cookie, origin } } as unknown as string[];
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/bridge`, options);
  const states: PageState[] = [];
  const open = new Map<number, (answer: unknown) => void>();
  const closed = new Promise<number>((resolve) =>
    socket.addEventListener('close', ({ code }) => resolve(code)),
  );
  socket.addEventListener('message', ({ data }) => {
    const told = toPageSchema.parse(JSON.parse(String(data)));
    if (told.kind === 'state') states.push(told.state);
    else open.get(told.id)?.(told);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('the bridge did not open')));
  });
  onTestFinished(() => socket.close());
  let id = 0;
  const ask = (call: string, input: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      id += 1;
      open.set(id, resolve);
      socket.send(JSON.stringify({ id, call, input }));
    });
  return {
    ask,
    call: async (name, input) => {
      const answer = (await ask(name, input)) as { readonly kind: string; readonly output?: unknown };
      if (answer.kind !== 'done') throw new Error(`${name} was refused: ${JSON.stringify(answer)}`);
      return CALLS[name].output.parse(answer.output) as CallOutput<typeof name>;
    },
    send: (text) => socket.send(text),
    states,
    sees: (what, check, waiting) =>
      waitFor(
        what,
        () => {
          const last = states.at(-1);
          return last !== undefined && check(last) ? last : undefined;
        },
        { timeoutMs: 60_000, ...waiting },
      ),
    closed,
    close: () => socket.close(),
  };
};

/** The page of a world, entered by a new link. */
export const pageOf = async ({ server }: Pick<WebWorld, 'server'>): Promise<Page> =>
  openPage(await enter(server.newLink()));

/** Goes down from the places to begin at, by names; the reference of the last one. */
export const refOf = (page: Page, ...names: readonly string[]): Promise<string> =>
  refOfCalls(page.call, ...names);

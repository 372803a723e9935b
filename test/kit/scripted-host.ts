import type { AddressInfo } from 'node:net';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import Fastify from 'fastify';
import type { WebSocket } from 'ws';
import { fromPageSchema, type ToPage } from '../../shared/bridge/bridge.ts';
import type { CallInput, CallName, CallOutput } from '../../shared/bridge/calls.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { WEB_SHELL_CALLS } from '../../src-main/headless/web/shell-calls.ts';
import { pageHeaders } from '../../src-main/shell/page-policy.ts';

/** Answers a call; what it throws is what the page is refused with. */
type Answers = { readonly [N in CallName]?: (input: CallInput<N>) => CallOutput<N> };

/**
 * A stand-in for the program behind the page, for what the real one cannot be brought to in a test: 65,000 tracks, a
 * full archive, a moment in between. test/e2e has the page with the real one.
 */
export interface ScriptedHost {
  readonly origin: string;
  /** From now on, and to every page that listens. */
  readonly push: (state: PageState) => void;
  readonly calls: readonly { readonly call: string; readonly input: unknown }[];
  /** Sends a frame as it is. */
  readonly say: (text: string) => void;
  /** Whether pages are let in from now on; those inside are put out. */
  readonly letIn: (isLetIn: boolean) => void;
  /** Cuts every connection; new ones are refused for as long as `isGone`. */
  readonly vanish: (isGone: boolean) => void;
  readonly stop: () => Promise<void>;
}

/** The policy of the real one. */
const POLICY = pageHeaders("'self'")['content-security-policy'];

export const startScriptedHost = async (
  pageFolder: string,
  first: PageState,
  answers: Answers = {},
): Promise<ScriptedHost> => {
  let state = first;
  let isLetIn = true;
  let isGone = false;
  const calls: { readonly call: string; readonly input: unknown }[] = [];
  const sockets = new Set<WebSocket>();
  const send = (socket: WebSocket, message: ToPage): void => socket.send(JSON.stringify(message));
  const app = Fastify();
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', POLICY);
  });
  await app.register(fastifyWebsocket);
  await app.register(fastifyStatic, { root: pageFolder });
  app.route({
    method: 'GET',
    url: '/bridge',
    preValidation: async (_request, reply) => {
      if (isGone) await reply.code(503).send();
      else if (!isLetIn) await reply.code(401).send();
    },
    handler: async (_request, reply) => reply.code(426).send(),
    wsHandler: (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('message', (data: Buffer) => {
        const { id, call, input } = fromPageSchema.parse(JSON.parse(data.toString()));
        calls.push({ call, input });
        const answer = { ...WEB_SHELL_CALLS, ...answers }[call as CallName] as
          ((input: unknown) => unknown) | undefined;
        try {
          send(socket, { kind: 'done', id, output: answer?.(input) ?? null });
        } catch (error) {
          send(socket, { kind: 'refused', id, error: { code: 'refused', message: String(error) } });
        }
      });
      send(socket, { kind: 'state', state });
    },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const cut = (): void => {
    for (const socket of sockets) socket.terminate();
  };
  return {
    origin: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    calls,
    push: (next) => {
      state = next;
      for (const socket of sockets) send(socket, { kind: 'state', state });
    },
    say: (text) => {
      for (const socket of sockets) socket.send(text);
    },
    letIn: (letsIn) => {
      isLetIn = letsIn;
      if (!letsIn) cut();
    },
    vanish: (gone) => {
      isGone = gone;
      if (gone) cut();
    },
    stop: async () => {
      cut();
      await app.close();
    },
  };
};

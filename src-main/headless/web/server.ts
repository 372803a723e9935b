import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import files from '@fastify/static';
import webSocket from '@fastify/websocket';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Host } from '../../engine/host/host.ts';
import { pageHeaders } from '../../shell/page-policy.ts';
import { isOwnOrigin, nameIn, namesFor, urlFor } from './addresses.ts';
import { serveBridge } from './bridge.ts';
import { createEntrance } from './entrance.ts';
import { ENTERED_PAGE, STRANGER_PAGE, USED_LINK_PAGE, WRONG_HOST } from './words.ts';

export interface WebServer {
  /** Opens the page once, in one browser. */
  readonly newLink: () => string;
  readonly close: () => Promise<void>;
}

export interface WebOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** The built page. */
  readonly pageFolder: string;
  readonly onFault: (error: unknown) => void;
  readonly monotonic: () => number;
}

const LONGEST_MESSAGE = 64 * 1024;
const HEADERS: Readonly<Record<string, string>> = {
  ...pageHeaders("'self'"),
  'cache-control': 'no-store',
};

/** Serves the page and its bridge to whoever came by the link. @throws what listening throws */
export const startWebServer = async (
  host: Pick<Host, 'calls' | 'onState' | 'cover'>,
  options: WebOptions,
): Promise<WebServer> => {
  const app = Fastify({ logger: false, forceCloseConnections: true });
  const entrance = createEntrance(options.monotonic);
  const names = namesFor(options.host);

  await app.register(cookie);
  await app.register(webSocket, { options: { maxPayload: LONGEST_MESSAGE } });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    const name = nameIn(request.headers.host);
    if (name === undefined || !names.has(name)) return reply.code(421).type('text/plain').send(WRONG_HOST);
  });
  app.setErrorHandler<FastifyError>(async (error, _request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode < 500) return reply.code(statusCode).type('text/plain').send('This is no page.\n');
    options.onFault(error);
    return reply.code(500).type('text/plain').send('Something went wrong that should not have.\n');
  });
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).type('text/plain').send('There is nothing here.\n'),
  );

  addEntrance(app, entrance);
  await app.register(async (inside) => {
    inside.addHook('onRequest', async (request, reply) => {
      if (!entrance.knows(request.cookies[cookieOf(request)]))
        return reply.code(401).type('text/html').send(STRANGER_PAGE);
    });
    addBridge(inside, host, options.onFault);
    addCovers(inside, host);
    await inside.register(files, { root: options.pageFolder, wildcard: false, cacheControl: false });
  });

  await app.listen({ host: options.host, port: options.port });
  const { port } = app.server.address() as AddressInfo;
  return {
    newLink: () => `${urlFor(options.host, port)}/enter?token=${entrance.newToken()}`,
    close: () => app.close(),
  };
};

/** Cookies know no ports: two programs on one computer would take each other's away. */
const cookieOf = (request: FastifyRequest): string => `ledgerline_${request.socket.localPort ?? 0}`;

const addEntrance = (app: FastifyInstance, entrance: ReturnType<typeof createEntrance>): void => {
  app.get('/enter', { exposeHeadRoute: false }, async (request: FastifyRequest, reply: FastifyReply) => {
    const { token } = request.query as Readonly<Record<string, unknown>>;
    const session = typeof token === 'string' ? entrance.enter(token) : undefined;
    reply.type('text/html');
    if (session === undefined) return reply.code(403).send(USED_LINK_PAGE);
    return reply
      .setCookie(cookieOf(request), session, { httpOnly: true, sameSite: 'strict', path: '/' })
      .send(ENTERED_PAGE);
  });
};

const addBridge = (
  app: FastifyInstance,
  host: Pick<Host, 'calls' | 'onState'>,
  onFault: (error: unknown) => void,
): void => {
  app.route({
    method: 'GET',
    url: '/bridge',
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      if (request.ws && !isOwnOrigin(request.headers.origin, request.headers.host))
        return reply.code(403).type('text/plain').send('Only the page itself may talk to the program.\n');
    },
    handler: async (_request, reply) =>
      reply.code(426).header('upgrade', 'websocket').type('text/plain').send('The page talks here.\n'),
    wsHandler: (socket) => serveBridge(socket, host, onFault),
  });
};

const COVER = /^([0-9a-f]{32})(-grey)?\.webp$/;

/** By a name that never means another picture, so a browser may keep what it has. */
const addCovers = (app: FastifyInstance, host: Pick<Host, 'cover'>): void => {
  app.get<{ Params: { file: string } }>('/covers/:file', async ({ params }, reply) => {
    const [, name, grey] = COVER.exec(params.file) ?? [];
    const bytes = name === undefined ? undefined : await host.cover(name, grey !== undefined);
    if (bytes === undefined) return reply.callNotFound();
    return reply
      .type('image/webp')
      .header('cache-control', 'private, max-age=31536000, immutable')
      .send(bytes);
  });
};

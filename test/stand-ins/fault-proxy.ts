import { once } from 'node:events';
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { seededRandom } from '../../src-main/headless/demo/audio/random.ts';
import { carry, type Connection, type Log } from './proxy/exchange.ts';
import { Network } from './proxy/line.ts';
import { createRules } from './proxy/rules.ts';
import type { FaultProxy, FaultProxyOptions } from './proxy/types.ts';

export type * from './proxy/types.ts';

/** A reverse proxy on this machine in which everything that can happen on a line can be made to happen. */
export const startFaultProxy = async (options: FaultProxyOptions): Promise<FaultProxy> => {
  const lot = seededRandom(1);
  const random = options.random ?? (() => lot() / 2 ** 32);
  const rules = createRules(random);
  const network = new Network();
  const connections = new WeakMap<Socket, Connection>();
  let target = new URL(options.target);
  let requests: Log[] = [];
  let server: Server | undefined;
  let origin = '';

  const listen = async (port: number): Promise<void> => {
    const started = createServer((request, response) => {
      const { method = '', url = '/' } = request;
      const fault = rules.faultFor(method, url, Number(request.headers['content-length'] ?? 0));
      const log: Log = {
        method,
        path: withoutSecrets(url),
        requestBytes: 0,
        responseBytes: 0,
        fault: fault?.kind,
        outcome: 'open',
      };
      requests.push(log);
      const connection = connectionOf(connections, request.socket);
      const rewrite = rewriterOf(options.rewriteOrigins ?? true, target.origin, origin);
      void carry({ request, response, connection, target, network, fault, log, random, rewrite });
    });
    // How long an idle line lives is for the target to say.
    started.keepAliveTimeout = 0;
    started.requestTimeout = 0;
    started.listen(port, '127.0.0.1');
    await once(started, 'listening');
    origin = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
    server = started;
  };

  const goOffline = async (): Promise<void> => {
    const running = server;
    if (running === undefined) return;
    server = undefined;
    const closed = once(running, 'close');
    running.close();
    running.closeAllConnections();
    await closed;
  };

  await listen(0);
  const port = Number(new URL(origin).port);
  return {
    origin,
    addRule: rules.add,
    clearRules: rules.clear,
    requests: () => requests,
    forgetRequests: () => {
      requests = [];
    },
    setTarget: (next) => {
      target = new URL(next);
    },
    setBandwidth: (bytesPerSecond) => network.setBandwidth(bytesPerSecond),
    freeze: () => network.freeze(),
    thaw: () => network.thaw(),
    goOffline,
    goOnline: async () => {
      if (server === undefined) await listen(port);
    },
    stop: async () => {
      network.thaw();
      await goOffline();
    },
  };
};

const connectionOf = (connections: WeakMap<Socket, Connection>, socket: Socket): Connection => {
  const known = connections.get(socket);
  if (known !== undefined) return known;
  const connection = {
    agent: new Agent({ keepAlive: true, maxSockets: 1 }),
    busy: false,
    seen: new WeakSet<Socket>(),
  };
  connections.set(socket, connection);
  socket.once('close', () => connection.agent.destroy());
  return connection;
};

/** The tokens of upload addresses stand in the path with some archives. */
const LONGEST_HARMLESS_SEGMENT = 40;

const withoutSecrets = (url: string): string =>
  (url.split('?')[0] ?? '')
    .split('/')
    .map((segment) => (segment.length > LONGEST_HARMLESS_SEGMENT ? '[secret]' : segment))
    .join('/');

const rewriterOf = (
  wanted: boolean | readonly string[],
  target: string,
  proxy: string,
): ((json: string) => string) | undefined => {
  if (wanted === false) return undefined;
  const origins = wanted === true ? [target] : [target, ...wanted];
  const escaped = origins.map((origin) => origin.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // Not where the port goes on: :80 is not the beginning of :8080.
  const pattern = new RegExp(`(?:${escaped.join('|')})(?![0-9])`, 'g');
  return (json) => json.replaceAll(pattern, () => proxy);
};

import { request as httpRequest, type Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Line, type Network } from './line.ts';
import type { Fault, ProxiedRequest } from './types.ts';

export type Log = { -readonly [K in keyof ProxiedRequest]: ProxiedRequest[K] };

/** One client's line and the one to the target that goes with it: they live and end together, as without a proxy. */
export interface Connection {
  readonly agent: Agent;
  busy: boolean;
  readonly seen: WeakSet<Socket>;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: Connection;
  readonly target: URL;
  readonly network: Network;
  readonly fault: Fault | undefined;
  readonly log: Log;
  readonly random: () => number;
  /** Applied to JSON answers; undefined leaves them as they are. */
  readonly rewrite: ((json: string) => string) | undefined;
}

/** Thrown to end an exchange by a fault. */
class Cut extends Error {}

/** Carries one request through, or lets its fault happen. Afterwards the log's outcome is settled. */
export const carry = async (exchange: Exchange): Promise<void> => {
  const { request, response, connection, fault, log } = exchange;
  // Kept at hand: Node takes it from the request when that is destroyed.
  const { socket } = request;
  connection.busy = true;
  try {
    await exchange.network.whenThawed();
    switch (fault?.kind) {
      case 'black-hole':
        await once(response, 'close');
        log.outcome = 'client gone';
        return;
      case 'swallow':
        await drain(request);
        throw new Cut();
      case 'answer':
        await drain(request);
        log.status = fault.status;
        response.writeHead(fault.status, { ...fault.headers }).end(fault.body ?? '');
        break;
      case 'delay':
        await sleep(fault.ms);
        await forward(exchange);
        break;
      case 'cut-request':
      case 'cut-response':
      case 'drop-answer':
      case 'slow':
      case undefined:
        await forward(exchange);
    }
    log.outcome = 'answered';
  } catch (error) {
    log.outcome = error instanceof Cut ? 'cut' : socket.destroyed ? 'client gone' : 'target gone';
    response.destroy();
    socket.destroy();
  } finally {
    connection.busy = false;
  }
};

const drain = async (request: IncomingMessage): Promise<void> => {
  for await (const _ of request);
};

const NOT_FORWARDED = ['host', 'connection', 'keep-alive', 'expect'];

const forward = async (exchange: Exchange): Promise<void> => {
  const { request, response, connection, target, fault, log } = exchange;
  if (response.closed) throw new Error('The client closed the line before its request was passed on.');
  const ownLine = fault?.kind === 'slow' ? new Line(fault.bytesPerSecond) : undefined;
  const skipped = exchange.rewrite === undefined ? NOT_FORWARDED : [...NOT_FORWARDED, 'accept-encoding'];
  const upstream = httpRequest({
    host: target.hostname,
    port: target.port,
    method: request.method,
    path: request.url,
    agent: connection.agent,
    headers: {
      ...Object.fromEntries(Object.entries(request.headers).filter(([name]) => !skipped.includes(name))),
      host: target.host,
    },
  });
  upstream.on('socket', (socket) => closeTogether(socket, request.socket, connection));
  response.once('close', () => {
    if (!response.writableFinished) upstream.destroy();
  });
  try {
    const answered = firstAnswer(upstream);
    const sent = sendBody(exchange, upstream, ownLine).catch((error: unknown) => {
      // Where the body could not be passed on, the target's answer, or that none comes, tells more.
      if (error instanceof Cut) throw error;
    });
    // An archive may answer before it has read everything.
    const answer = await Promise.race([answered, sent.then(() => answered)]);
    log.status = answer.statusCode;
    await passBack(exchange, answer, ownLine);
  } catch (error) {
    upstream.destroy();
    throw error;
  }
};

const closeTogether = (toTarget: Socket, toClient: Socket, connection: Connection): void => {
  if (connection.seen.has(toTarget)) return;
  connection.seen.add(toTarget);
  toTarget.once('close', () => {
    if (!connection.busy) toClient.destroy();
  });
};

type Upstream = ReturnType<typeof httpRequest>;

const firstAnswer = (upstream: Upstream): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    upstream.once('response', resolve);
    upstream.on('error', reject);
    upstream.once('close', () => reject(new Error('The target closed the line.')));
  });

const sendBody = async (
  { request, network, fault, log, random }: Exchange,
  upstream: Upstream,
  ownLine: Line | undefined,
): Promise<void> => {
  const cutAt = fault?.kind === 'cut-request' ? placeOf(fault.afterBytes, request, random) : Infinity;
  if (cutAt === 0) throw new Cut();
  for await (const chunk of request as AsyncIterable<Buffer>) {
    for await (const piece of network.pieces(chunk, ownLine)) {
      const passed = piece.subarray(0, cutAt - log.requestBytes);
      log.requestBytes += passed.length;
      await written(upstream, passed);
      if (log.requestBytes >= cutAt) throw new Cut();
    }
  }
  upstream.end();
};

const placeOf = (afterBytes: number | 'random', request: IncomingMessage, random: () => number): number =>
  afterBytes === 'random'
    ? Math.floor(random() * Number(request.headers['content-length'] ?? 0))
    : afterBytes;

/** Resolves when the bytes have left for the kernel, so that what the log counts has really been passed on. */
const written = (sink: Upstream | ServerResponse, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    sink.write(bytes, (error) => (error instanceof Error ? reject(error) : resolve()));
  });

const passBack = async (
  { response, network, fault, log, rewrite }: Exchange,
  answer: IncomingMessage,
  ownLine: Line | undefined,
): Promise<void> => {
  if (fault?.kind === 'drop-answer') {
    await buffer(answer);
    throw new Cut();
  }
  const { 'transfer-encoding': _, ...headers } = answer.headers;
  const isJson = /json/.test(headers['content-type'] ?? '');
  const body =
    rewrite !== undefined && isJson ? Buffer.from(rewrite((await buffer(answer)).toString())) : answer;
  if (Buffer.isBuffer(body) && body.length > 0 && headers['content-length'] !== undefined) {
    headers['content-length'] = String(body.length);
  }
  await network.whenThawed();
  response.removeHeader('connection');
  response.writeHead(answer.statusCode ?? 502, headers);
  response.flushHeaders();
  const cutAt = fault?.kind === 'cut-response' ? fault.afterBytes : Infinity;
  if (cutAt === 0) throw new Cut();
  for await (const chunk of Buffer.isBuffer(body) ? [body] : (body as AsyncIterable<Buffer>)) {
    for await (const piece of network.pieces(chunk, ownLine)) {
      const passed = piece.subarray(0, cutAt - log.responseBytes);
      log.responseBytes += passed.length;
      await written(response, passed);
      if (log.responseBytes >= cutAt) throw new Cut();
    }
  }
  response.end();
  await finished(response);
};

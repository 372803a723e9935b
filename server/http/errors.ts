import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE } from '../../shared/api/problem.ts';
import { ERROR_STATUS, type ErrorCode } from '../../shared/error-codes.ts';
import { problemOf, Refusal, refusalOf } from '../problems.ts';
import { knownCaller } from '../routes/caller.ts';
import type { Services } from '../services.ts';

/** The one place where errors become answers. */
export const answerErrors = (app: FastifyInstance, services: Pick<Services, 'audit' | 'logger'>): void => {
  app.setNotFoundHandler((request, reply) =>
    answer(services, request, reply, new Refusal('not_found', 'There is nothing at this address.')),
  );
  app.setErrorHandler((error, request, reply) => answer(services, request, reply, error));
};

export const answer = (
  { audit, logger }: Pick<Services, 'audit' | 'logger'>,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply => {
  const refusal = refusalOf(error);
  const { code, message } = refusal;
  const status = ERROR_STATUS[code];
  const who = {
    route: request.routeOptions.url ?? null,
    method: request.method,
    code,
    status,
    user: knownCaller(request)?.id ?? null,
    address: request.ip,
  };
  if (status >= 500) logger.error({ ...who, err: refusal.cause ?? error }, 'request failed');
  else audit('request_refused', who);

  if (status === 401) reply.header('www-authenticate', 'Bearer realm="ledgerline"');
  if (refusal.retryAfterSeconds !== undefined) {
    reply.header('retry-after', String(Math.max(1, Math.ceil(refusal.retryAfterSeconds))));
  }
  if (!request.raw.complete) readOn(request.raw);
  return reply
    .code(status)
    .header('content-type', PROBLEM_TYPE)
    .serializer(JSON.stringify)
    .send(problemOf(code, message));
};

/**
 * A sender that is still sending reads the answer only if its bytes are taken meanwhile: closing at once would break
 * the connection under it. So the rest is read and forgotten, for a short while.
 */
const readOn = (request: IncomingMessage): void => {
  request.unpipe();
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), READ_ON_MS).unref();
  request.once('close', () => clearTimeout(timer));
};
const READ_ON_MS = 3000;

/** The same kind of answer where there is no request yet, or none any more: straight onto the socket. */
export const answerOnSocket = (socket: Socket, code: ErrorCode, message: string): void => {
  if (!socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const status = ERROR_STATUS[code];
  const body = JSON.stringify(problemOf(code, message));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
};

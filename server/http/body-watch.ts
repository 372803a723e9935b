import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../services.ts';
import { answerOnSocket } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes bytes as they come and keeps none in memory; so its body may take hours. */
    readonly streamsBody?: true;
  }
}

/**
 * Ends requests whose bodies do not come (408). An upload must bring some bytes in each stretch of time that it has had:
 * Node's own limit is one for the whole request, and would cut large uploads over slow lines. Any other body is kept in
 * memory until it is there as a whole, and so must be there soon.
 */
export const watchBodies = (
  app: FastifyInstance,
  { settings, logger }: Pick<Services, 'settings' | 'logger'>,
): void => {
  const end = (request: FastifyRequest, message: string): void => {
    logger.info({ route: request.routeOptions.url ?? null }, 'a request whose body did not come was ended');
    answerOnSocket(request.raw.socket, 'request_timeout', message);
    request.raw.destroy();
  };

  app.addHook('onRequest', async (request, reply) => {
    if (request.raw.complete) return;
    const stop = request.routeOptions.config.streamsBody
      ? watchFlow(request, settings, () => end(request, 'Too few bytes came for too long.'))
      : watchTime(request, settings, () => end(request, 'The request did not arrive in time.'));
    reply.raw.once('close', stop);
  });
};

type Limits = Pick<Services['settings'], 'stallSeconds' | 'stallMinBytes' | 'bodySeconds'>;

const watchFlow = (request: FastifyRequest, limits: Limits, end: () => void): (() => void) => {
  const { raw } = request;
  // Each stretch begins with the request itself, so that none is judged by a stretch that it was not there for.
  let before = raw.socket.bytesRead;
  const stretch = setInterval(
    afterArrivals(() => {
      if (raw.complete || raw.destroyed) return clearInterval(stretch);
      const { bytesRead } = raw.socket;
      // Bytes that wait in the buffer wait for us, not for the sender.
      const stalled = bytesRead - before < limits.stallMinBytes && raw.readableLength === 0;
      before = bytesRead;
      if (!stalled) return;
      clearInterval(stretch);
      end();
    }),
    limits.stallSeconds * 1000,
  ).unref();
  return () => clearInterval(stretch);
};

const watchTime = ({ raw }: FastifyRequest, limits: Limits, end: () => void): (() => void) => {
  const time = setTimeout(
    afterArrivals(() => {
      if (!raw.complete && !raw.destroyed) end();
    }),
    limits.bodySeconds * 1000,
  ).unref();
  return () => clearTimeout(time);
};

/** After this computer slept or was busy, what came meanwhile waits to be read: first that, then the judgement. */
const afterArrivals = (judge: () => void) => (): void => void setImmediate(judge);

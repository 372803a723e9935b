import type { FastifyInstance } from 'fastify';
import type { Services } from '../services.ts';

/** One line per request, with the pattern of its route: the address itself may hold a token. */
export const logRequests = (app: FastifyInstance, { logger }: Pick<Services, 'logger'>): void => {
  app.addHook('onResponse', async (request, reply) => {
    logger.debug(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
  });
};

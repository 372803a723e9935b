import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../services.ts';
import { answerOnSocket } from './errors.ts';

interface Watched {
  readonly request: FastifyRequest;
  bytesRead: number;
}

/**
 * Ends requests whose bodies hardly move (408). Node's own limit is one for the whole request, and would cut large
 * uploads over slow lines; this one asks only that some bytes come in each stretch of time.
 */
export const watchForStalls = (
  app: FastifyInstance,
  { settings, logger }: Pick<Services, 'settings' | 'logger'>,
): void => {
  const watched = new Set<Watched>();

  app.addHook('onRequest', async (request, reply) => {
    const { raw } = request;
    if (raw.complete) return;
    const entry = { request, bytesRead: raw.socket.bytesRead };
    watched.add(entry);
    reply.raw.once('close', () => watched.delete(entry));
  });

  const check = (): void => {
    for (const entry of watched) {
      const { raw } = entry.request;
      if (raw.complete || raw.destroyed) {
        watched.delete(entry);
        continue;
      }
      const { bytesRead } = raw.socket;
      // Bytes that wait in the buffer wait for us, not for the sender.
      const stalled = bytesRead - entry.bytesRead < settings.stallMinBytes && raw.readableLength === 0;
      entry.bytesRead = bytesRead;
      if (!stalled) continue;
      watched.delete(entry);
      logger.info({ route: entry.request.routeOptions.url ?? null }, 'a request that stood still was ended');
      answerOnSocket(raw.socket, 'request_timeout', 'Too few bytes came for too long.');
      raw.destroy();
    }
  };
  const timer = setInterval(check, settings.stallSeconds * 1000);
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
};

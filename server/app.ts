import cors from '@fastify/cors';
import type { FastifyPluginAsync } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { API_PREFIX } from '../shared/api/discovery.ts';
import { watchBodies } from './http/body-watch.ts';
import { answerErrors } from './http/errors.ts';
import { refuseOddContentTypes } from './http/content-type.ts';
import { describeApi } from './http/openapi.ts';
import { logRequests } from './http/request-log.ts';
import { archiveRoutes, healthRoutes } from './routes/archive.ts';
import { authRoutes } from './routes/auth.ts';
import { requireCaller } from './routes/caller.ts';
import { songRoutes } from './routes/songs.ts';
import { storageRoutes } from './routes/storage.ts';
import { traditionalRoutes } from './routes/traditional.ts';
import { ticketRoutes } from './routes/tickets.ts';
import type { Services } from './services.ts';

/** A full batch of records with every tag. Only who is signed in may send so much. */
const BATCH_BODY_LIMIT = 4 * 1024 * 1024;

/** The whole HTTP side of the archive, ready for a server to listen with. */
export const archiveApp: FastifyPluginAsync<{ services: Services }> = async (bare, { services }) => {
  const app = bare.withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // JSON is the only kind of body that is parsed; a handler never gets a raw text instead.
  app.removeContentTypeParser('text/plain');

  answerErrors(app, services);
  services.traffic.watch(app);
  logRequests(app, services);
  watchBodies(app, services);
  refuseOddContentTypes(app);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  });
  if (services.settings.corsOrigins.length > 0) {
    await app.register(cors, {
      origin: services.settings.corsOrigins,
      methods: ['GET', 'POST', 'PUT'],
      // Tokens travel in a header that pages set themselves; there are no cookies to send along.
      credentials: false,
      exposedHeaders: ['retry-after'],
      maxAge: 600,
    });
  }
  await describeApi(app);

  await app.register(healthRoutes, { services });
  await app.register(
    async (api) => {
      await api.register(archiveRoutes, { services });
      await api.register(authRoutes, { services, prefix: '/auth' });
      await api.register(storageRoutes, { services });
      await api.register(
        async (songs) => {
          songs.addHook('onRequest', requireCaller(services, ['admin', 'moderator']));
          songs.addHook('onRoute', (route) => {
            route.bodyLimit ??= BATCH_BODY_LIMIT;
          });
          await songs.register(ticketRoutes, { services });
          await songs.register(songRoutes, { services });
          await songs.register(traditionalRoutes, { services });
        },
        { prefix: '/songs' },
      );
    },
    { prefix: API_PREFIX },
  );
};

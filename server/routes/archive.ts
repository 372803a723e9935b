import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { discoverySchema, FEATURES } from '../../shared/api/discovery.ts';
import { archiveStatusSchema, healthSchema } from '../../shared/api/status.ts';
import type { Services } from '../services.ts';
import { archiveStatus } from '../songs/status.ts';
import { VERSION } from '../version.ts';
import { problems } from './answers.ts';
import { requireCaller } from './caller.ts';

export const healthRoutes: FastifyPluginAsyncZod<{ services: Services }> = async (app, { services }) => {
  app.get(
    '/health',
    { schema: { tags: ['archive'], response: { 200: healthSchema, ...problems } } },
    async () => {
      await services.db.selectFrom('archive').select('archive_id').executeTakeFirstOrThrow();
      return { status: 'ok' as const };
    },
  );
};

/** What this archive is, and how it is doing. */
export const archiveRoutes: FastifyPluginAsyncZod<{ services: Services }> = async (app, { services }) => {
  const { settings, archiveId } = services;

  app.get(
    '',
    { schema: { tags: ['archive'], response: { 200: discoverySchema, ...problems } } },
    async () => ({
      archive_id: archiveId,
      name: settings.name,
      version: VERSION,
      features: [...FEATURES],
      limits: {
        max_byte_size: settings.maxByteSize,
        batch: settings.batchLimit,
        content_types: settings.contentTypes,
      },
    }),
  );

  app.get(
    '/status',
    {
      onRequest: requireCaller(services, ['admin', 'moderator']),
      schema: { tags: ['archive'], response: { 200: archiveStatusSchema, ...problems } },
    },
    async () => archiveStatus(services),
  );
};

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  loginRequestSchema,
  logoutRequestSchema,
  refreshRequestSchema,
  sessionSchema,
} from '../../shared/api/auth.ts';
import type { Services } from '../services.ts';
import { problems } from './answers.ts';
import { callerOf, requireCaller } from './caller.ts';

export const authRoutes: FastifyPluginAsyncZod<{ services: Services }> = async (app, { services }) => {
  app.post(
    '/login',
    { schema: { tags: ['auth'], body: loginRequestSchema, response: { 200: sessionSchema, ...problems } } },
    async (request) => services.login({ ...request.body, address: request.ip }),
  );

  app.post(
    '/refresh',
    { schema: { tags: ['auth'], body: refreshRequestSchema, response: { 200: sessionSchema, ...problems } } },
    async (request) => services.sessions.refresh(request.body.refresh_token),
  );

  app.post(
    '/logout',
    {
      onRequest: requireCaller(services),
      schema: {
        tags: ['auth'],
        // A body is not needed: without one, nothing is parsed.
        body: logoutRequestSchema.nullish(),
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      await services.sessions.close(caller, request.body?.refresh_token);
      services.audit('logout', { user: caller.id });
      return reply.code(204).send(null);
    },
  );
};

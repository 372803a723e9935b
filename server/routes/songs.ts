import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  knownAnswerSchema,
  knownRequestSchema,
  recordItemSchema,
  recordsAnswerSchema,
  recordsRequestSchema,
  songAnswerSchema,
  songListQuerySchema,
  songListSchema,
} from '../../shared/api/songs.ts';
import { problemOf, Refusal } from '../problems.ts';
import type { Services } from '../services.ts';
import { findKnown, findSong, listSongs } from '../songs/queries.ts';
import { recordSongs } from '../songs/records.ts';
import { problems } from './answers.ts';
import { demandBatchSize } from './batch.ts';
import { callerOf } from './caller.ts';

export const songRoutes: FastifyPluginAsyncZod<{ services: Services }> = async (app, { services }) => {
  app.post(
    '/create_from_blob',
    {
      schema: {
        tags: ['upload'],
        body: recordItemSchema,
        response: { 200: songAnswerSchema, 201: songAnswerSchema, ...problems },
      },
    },
    async (request, reply) => {
      const [recorded] = await recordSongs(services, callerOf(request), [request.body]);
      if (recorded === undefined || recorded instanceof Refusal) throw recorded;
      return reply.code(recorded.status).send({ song: recorded.song });
    },
  );

  app.post(
    '/create_from_blobs',
    {
      schema: {
        tags: ['upload'],
        body: recordsRequestSchema,
        response: { 200: recordsAnswerSchema, ...problems },
      },
    },
    async (request) => {
      demandBatchSize(services, request.body.items);
      const results = await recordSongs(services, callerOf(request), request.body.items);
      return {
        results: results.map((result) => {
          if (!(result instanceof Refusal)) return result;
          const problem = problemOf(result.code, result.message);
          return { status: problem.status, problem };
        }),
      };
    },
  );

  app.post(
    '/known',
    {
      schema: {
        tags: ['songs'],
        body: knownRequestSchema,
        response: { 200: knownAnswerSchema, ...problems },
      },
    },
    async (request) => {
      demandBatchSize(services, request.body.items);
      return { songs: await findKnown(services, callerOf(request), request.body.items) };
    },
  );

  app.get(
    '/',
    {
      schema: {
        tags: ['songs'],
        querystring: songListQuerySchema,
        response: { 200: songListSchema, ...problems },
      },
    },
    async (request) => listSongs(services, request.query),
  );

  app.get(
    '/:id',
    {
      schema: {
        tags: ['songs'],
        params: z.object({ id: z.string() }),
        response: { 200: songAnswerSchema, ...problems },
      },
    },
    async (request) => {
      const song = await findSong(services, request.params.id);
      if (song === undefined) throw new Refusal('not_found', 'There is no such song.');
      return { song };
    },
  );
};

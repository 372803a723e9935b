import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  ticketRequestSchema,
  ticketSchema,
  ticketsAnswerSchema,
  ticketsRequestSchema,
} from '../../shared/api/tickets.ts';
import { problemOf, Refusal } from '../problems.ts';
import type { Services } from '../services.ts';
import { issueTickets } from '../songs/tickets.ts';
import { problems } from './answers.ts';
import { demandBatchSize } from './batch.ts';
import { callerOf } from './caller.ts';

export const ticketRoutes: FastifyPluginAsyncZod<{ services: Services }> = async (app, { services }) => {
  app.post(
    '/direct_upload',
    { schema: { tags: ['upload'], body: ticketRequestSchema, response: { 200: ticketSchema, ...problems } } },
    async (request) => {
      const item = 'blob' in request.body ? request.body.blob : request.body;
      const [ticket] = await issueTickets(services, callerOf(request), [item]);
      if (ticket === undefined || ticket instanceof Refusal) throw ticket;
      return ticket;
    },
  );

  app.post(
    '/direct_uploads',
    {
      schema: {
        tags: ['upload'],
        body: ticketsRequestSchema,
        response: { 200: ticketsAnswerSchema, ...problems },
      },
    },
    async (request) => {
      demandBatchSize(services, request.body.items);
      const tickets = await issueTickets(services, callerOf(request), request.body.items);
      return {
        results: tickets.map((ticket) => {
          if (!(ticket instanceof Refusal)) return { status: 200 as const, ticket };
          const problem = problemOf(ticket.code, ticket.message);
          return { status: problem.status, problem };
        }),
      };
    },
  );
};

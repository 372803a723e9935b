import type { FastifyInstance } from 'fastify';
import { Refusal } from '../problems.ts';

const TOKEN = '[\\w!#$&^.+-]+';
const WELL_FORMED = new RegExp(`^${TOKEN}/${TOKEN}(?: *; *${TOKEN}=(?:"[^"]*"|[^\\s;"]+))*$`);

/** Parsers differ in what they make of an odd content type, and between two readings lies a hole. None gets through. */
export const refuseOddContentTypes = (app: FastifyInstance): void => {
  app.addHook('onRequest', async ({ headers }) => {
    const type = headers['content-type'];
    if (type !== undefined && !WELL_FORMED.test(type)) {
      throw new Refusal('unsupported_media_type', 'The Content-Type is not well formed.');
    }
  });
};

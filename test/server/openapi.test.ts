import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { discoverySchema } from '../../shared/api/discovery.ts';
import { ticketItemSchema } from '../../shared/api/tickets.ts';
import { VERSION } from '../../server/version.ts';
import { startTestArchive, type TestArchive } from './support/archive.ts';
import { createClient } from './support/client.ts';

const documentSchema = z.object({
  openapi: z.string(),
  info: z.object({ version: z.string() }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        requestBody: z
          .object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) })
          .optional(),
        responses: z.record(z.string(), z.object({ content: z.record(z.string(), z.unknown()).optional() })),
      }),
    ),
  ),
});

let test: TestArchive;
beforeAll(async () => {
  test = await startTestArchive();
});
afterAll(() => test.stop());

describe('the description of the API', () => {
  it('names every route with what it takes and answers, errors included', async () => {
    const { body } = await createClient(test.archive.url).get('/api/v1/openapi.json');
    const document = documentSchema.parse(body);
    expect(document.openapi).toMatch(/^3\.1/);
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/(.)\/$/, '$1')}`),
    );
    expect(routes.toSorted()).toEqual([
      'GET /api/v1',
      'GET /api/v1/songs',
      'GET /api/v1/songs/{id}',
      'GET /api/v1/status',
      'GET /health',
      'POST /api/v1/auth/login',
      'POST /api/v1/auth/logout',
      'POST /api/v1/auth/refresh',
      'POST /api/v1/songs',
      'POST /api/v1/songs/create_from_blob',
      'POST /api/v1/songs/create_from_blobs',
      'POST /api/v1/songs/direct_upload',
      'POST /api/v1/songs/direct_uploads',
      'POST /api/v1/songs/known',
      'PUT /api/v1/storage/{token}',
    ]);
    for (const methods of Object.values(document.paths)) {
      for (const { responses } of Object.values(methods)) {
        expect(Object.keys(responses['4XX']?.content ?? {})).toEqual(['application/problem+json']);
      }
    }
  });

  it('is made from the schemas that check the requests', async () => {
    const { body } = await createClient(test.archive.url).get('/api/v1/openapi.json');
    const document = documentSchema.parse(body);
    const described =
      document.paths['/api/v1/songs/direct_upload']?.['post']?.requestBody?.content['application/json'];
    const { $schema: _, ...item } = z.toJSONSchema(ticketItemSchema);
    expect(described?.schema).toMatchObject({ anyOf: [item, expect.anything()] });
  });

  it('and the discovery tell the version of the package', async () => {
    const path = new URL('../../package.json', import.meta.url);
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(VERSION).toBe(version);
    const { body } = await createClient(test.archive.url).get('/api/v1');
    const discovery = discoverySchema.parse(body);
    expect(discovery).toMatchObject({
      archive_id: test.archive.archiveId,
      version,
      features: ['refresh', 'batch', 'known', 'traditional', 'status'],
    });
  });
});

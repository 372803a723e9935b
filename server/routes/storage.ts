import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { BlobRow } from '../database/schema.ts';
import { Refusal } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Claims } from '../signing/signer.ts';
import { receiveBytes } from '../songs/uploads.ts';
import { problems } from './answers.ts';

/** The signed address of a ticket is all that is needed here; bodies stream past every parser. */
export const storageRoutes: FastifyPluginAsyncZod<{ services: Services }> = async (app, { services }) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.put(
    '/storage/:token',
    {
      config: { streamsBody: true },
      schema: {
        tags: ['upload'],
        description: 'The bytes themselves, with exactly the headers of the ticket and Content-Length.',
        params: z.object({ token: z.string() }),
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      // Asked when the request begins: a long transfer is not cut because its address expires meanwhile.
      const claims = demandClaims(services, request.params.token);
      const blob = await demandBlob(services, claims);
      checkHeaders(request, claims);
      // Bytes that are there already need no room.
      if (blob.state === 'pending') await services.space.demand(claims.size);
      const { sha256, byteSize } = await receiveBytes(
        services,
        blob,
        request.raw.iterator({ destroyOnReturn: false }),
        {
          byteSize: claims.size,
          maxByteSize: services.settings.maxByteSize,
          md5: claims.md5,
          sha256: claims.sha256 ?? blob.sha256,
        },
      );
      services.audit('bytes_stored', { user: claims.user, blob: blob.id, sha256, byte_size: byteSize });
      return reply.code(204).send(null);
    },
  );
};

const demandClaims = ({ signer }: Services, token: string): Claims<'put'> => {
  const verdict = signer.verify('put', token);
  switch (verdict.kind) {
    case 'valid':
      return verdict.claims;
    case 'expired':
      throw new Refusal('url_expired', 'This upload address has expired. Ask for a new ticket.');
    case 'invalid':
      throw new Refusal('not_found', 'There is nothing at this address.');
  }
};

const demandBlob = async ({ db }: Services, claims: Claims<'put'>): Promise<BlobRow> => {
  const blob = await db
    .selectFrom('blob')
    .selectAll()
    .where('id', '=', claims.blob)
    .where('key', '=', claims.key)
    .executeTakeFirst();
  if (blob === undefined || blob.state === 'removing') {
    throw new Refusal('not_found', 'This ticket is gone. Ask for a new one.');
  }
  return blob;
};

const checkHeaders = ({ headers }: FastifyRequest, claims: Claims<'put'>): void => {
  const length = headers['content-length'];
  if (length === undefined || headers['transfer-encoding'] !== undefined) {
    throw new Refusal('length_required', 'Send the length of the body as Content-Length.');
  }
  if (Number(length) !== claims.size) {
    throw new Refusal('length_mismatch', `Announced were ${claims.size} bytes, Content-Length is ${length}.`);
  }
  if (headers['content-type']?.toLowerCase() !== claims.type) {
    throw new Refusal('type_mismatch', `Announced was ${claims.type}; send exactly that as Content-Type.`);
  }
  const md5 = headers['content-md5'];
  if (claims.md5 !== null && md5 !== undefined && md5 !== claims.md5) {
    throw new Refusal('checksum_mismatch', 'Content-MD5 differs from the checksum announced.');
  }
};

import multipart, { type MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { filenameSchema } from '../../shared/api/fields.ts';
import { songAnswerSchema } from '../../shared/api/songs.ts';
import { Refusal } from '../problems.ts';
import type { Services } from '../services.ts';
import { recordReady } from '../songs/records.ts';
import { discard } from '../songs/discard.ts';
import { announceUpload, finishUpload, type ReceivedFile, receiveFile } from '../songs/traditional.ts';
import { FormFields } from './form-fields.ts';
import { problems } from './answers.ts';
import { callerOf } from './caller.ts';

/** Room for one file and the three fields, and one more of each so that too many are told apart from enough. */
const LIMITS = { files: 1, fields: 3, parts: 5, fieldSize: 64 * 1024, fieldNameSize: 100, headerPairs: 50 };

/** The file through the server, in one request: for single files, and for who cannot reach the storage. */
export const traditionalRoutes: FastifyPluginAsyncZod<{ services: Services }> = async (app, { services }) => {
  // No other kind of body comes in here: it would be kept in memory for as long as a form may take.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(notAForm()));
  // Whether a file was cut off is asked where its last byte is read.
  await app.register(multipart, { throwFileSizeLimit: false });

  app.post(
    '/',
    {
      config: { streamsBody: true },
      schema: {
        tags: ['upload'],
        consumes: ['multipart/form-data'],
        description:
          'One part `file`; the fields `metadata` (JSON as in create_from_blob), `sha256` (hex) and `checksum` ' +
          '(base64 MD5) may stand before or after it.',
        response: { 200: songAnswerSchema, 201: songAnswerSchema, ...problems },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { file, fields } = await readForm(services, request);
      const ready = await finishUpload(services, file, fields.metadata());
      const [recorded] = await recordReady(services, caller, [ready]);
      if (recorded === undefined || recorded instanceof Refusal) throw recorded;
      return reply.code(recorded.status).send({ song: recorded.song });
    },
  );
};

const notAForm = (): Refusal =>
  new Refusal('unsupported_media_type', 'Send multipart/form-data with one part named file.');

/** Reads the form to its end. Whatever is wrong with any part of it, its file is not kept. */
const readForm = async (
  services: Services,
  request: FastifyRequest,
): Promise<{ file: ReceivedFile; fields: FormFields }> => {
  if (!request.isMultipart()) {
    throw notAForm();
  }
  const fields = new FormFields();
  let file: ReceivedFile | undefined;
  try {
    const limits = { ...LIMITS, fileSize: services.settings.maxByteSize };
    for await (const part of request.parts({ limits, throwFileSizeLimit: false } as {
      limits: typeof limits;
    })) {
      if (part.type === 'field') fields.add(part);
      else if (part.fieldname !== 'file')
        throw new Refusal('invalid_request', 'The file part must be named file.');
      else {
        const upload = await announceUpload(services, callerOf(request), nameOf(part), part.mimetype);
        file = await receiveFile(
          services,
          upload,
          bytesOf(part, services.settings.maxByteSize),
          fields.expected(),
        );
      }
    }
    if (file === undefined) throw new Refusal('invalid_request', 'There is no part named file.');
    fields.demandMatch(file.digests);
    return { file, fields };
  } catch (error) {
    if (file !== undefined) await discard(services, file.blob);
    throw formError(error);
  }
};

const nameOf = ({ filename }: MultipartFile): string => {
  const name = filenameSchema.safeParse(filename);
  if (name.success) return name.data;
  throw new Refusal(
    'invalid_request',
    `The name of the file ${name.error.issues[0]?.message ?? 'is not right'}.`,
  );
};

/** The part's bytes; an error instead of a file that was cut off without a word. */
async function* bytesOf(part: MultipartFile, maxByteSize: number): AsyncGenerator<Buffer> {
  for await (const chunk of part.file) yield chunk as Buffer;
  if (part.file.truncated) {
    throw new Refusal('too_large', `A file may have at most ${maxByteSize} bytes here.`);
  }
}

/** What the parser throws without a status of its own is a form that is broken or breaks off. */
const formError = (error: unknown): unknown => {
  const known = error instanceof Error && ('statusCode' in error || 'code' in error);
  return known
    ? error
    : new Refusal('invalid_request', 'The form is broken or breaks off.', { cause: error });
};

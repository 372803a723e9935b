import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { API_PREFIX } from '../../../shared/api/discovery.ts';
import { songAnswerSchema, type Song, type SongMetadata } from '../../../shared/api/songs.ts';
import { readAnswer } from './answers.ts';
import type { ArchiveConnection } from './connect.ts';
import { asUnreachable } from './http.ts';
import type { Upload } from './upload.ts';

export interface TraditionalItem {
  readonly filename: string;
  readonly contentType: string;
  readonly sha256: string;
  readonly metadata: SongMetadata;
}

/**
 * The file through the archive itself, as one multipart request, for a client that cannot reach its storage.
 * @throws UnreachableError, NotAnArchiveError, RefusedError
 */
export const uploadThrough = async (
  { http, origin, client }: ArchiveConnection,
  item: TraditionalItem,
  upload: Upload,
): Promise<Song> => {
  const boundary = `ledgerline-${randomUUID()}`;
  const head = Buffer.from(
    field(boundary, 'sha256', item.sha256) +
      field(boundary, 'metadata', JSON.stringify(item.metadata)) +
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(item.filename)}"\r\n` +
      `Content-Type: ${item.contentType}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const token = await client.session.token();
  const request = http.got(`${origin}${API_PREFIX}/songs`, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + upload.byteSize + tail.length),
    },
    body: Readable.from(parts(head, upload.body, tail), { objectMode: false }),
    responseType: 'text',
    signal: upload.signal,
    timeout: { response: 180_000, socket: 180_000 },
  });
  void request.on('uploadProgress', ({ transferred }) =>
    upload.onProgress(Math.min(transferred, upload.byteSize)),
  );
  try {
    const { statusCode, headers, body } = await request;
    // The body is spent, so this file is sent again by a new attempt; that one finds a good token.
    if (statusCode === 401) await client.session.renew(token);
    return readAnswer(origin, { status: statusCode, headers, body }, songAnswerSchema).song;
  } catch (error) {
    throw asUnreachable(origin, error);
  }
};

const field = (boundary: string, name: string, value: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

/** As browsers do it: the three characters that would end the header or the value. */
const quoted = (name: string): string =>
  name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

async function* parts(
  head: Uint8Array,
  body: Uint8Array | Readable,
  tail: Uint8Array,
): AsyncGenerator<Uint8Array> {
  yield head;
  if (body instanceof Uint8Array) yield body;
  else for await (const chunk of body) yield chunk as Uint8Array;
  yield tail;
}

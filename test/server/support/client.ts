import type { Ticket } from '../../../shared/api/tickets.ts';
import { ticketSchema } from '../../../shared/api/tickets.ts';
import { type Song, songAnswerSchema } from '../../../shared/api/songs.ts';
import { md5Of } from './audio.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it was JSON, else the text. */
  readonly body: unknown;
}

/** A plain HTTP client for one account. It believes nothing: each test looks at status and body itself. */
export const createClient = (url: string, token?: string) => {
  const send = async (method: string, path: string, json?: unknown): Promise<Answer> => {
    const answer = await fetch(path.startsWith('http') ? path : `${url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    return readAnswer(answer);
  };
  const put = async (
    ticket: Ticket,
    bytes: Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const all = new Headers(ticket.direct_upload.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    const request = { method: 'PUT', headers: all, body: new Uint8Array(bytes) };
    return readAnswer(await fetch(ticket.direct_upload.url, request));
  };
  const ticketFor = async (bytes: Buffer, filename = 'song.mp3', more: object = {}): Promise<Ticket> => {
    const answer = await send('POST', '/api/v1/songs/direct_upload', {
      filename,
      content_type: 'audio/mpeg',
      byte_size: bytes.length,
      checksum: md5Of(bytes),
      ...more,
    });
    if (answer.status !== 200) throw new Error(`ticket: ${answer.status} ${JSON.stringify(answer.body)}`);
    return ticketSchema.parse(answer.body);
  };
  const record = (ticket: Ticket, filename = 'song.mp3', metadata?: object): Promise<Answer> =>
    send('POST', '/api/v1/songs/create_from_blob', {
      blob_signed_id: ticket.signed_id,
      filename,
      ...(metadata === undefined ? {} : { metadata }),
    });
  return {
    send,
    get: (path: string) => send('GET', path),
    post: (path: string, json?: unknown) => send('POST', path, json),
    put,
    ticketFor,
    record,
    /** All steps of one file, each of which must succeed. */
    async upload(bytes: Buffer, filename = 'song.mp3', metadata?: object): Promise<Song> {
      const ticket = await ticketFor(bytes, filename);
      const stored = await put(ticket, bytes);
      if (stored.status !== 204) throw new Error(`put: ${stored.status} ${JSON.stringify(stored.body)}`);
      const recorded = await record(ticket, filename, metadata);
      if (recorded.status >= 300) {
        throw new Error(`create: ${recorded.status} ${JSON.stringify(recorded.body)}`);
      }
      return songAnswerSchema.parse(recorded.body).song;
    },
  };
};
export type Client = ReturnType<typeof createClient>;

export const readAnswer = async (answer: Response): Promise<Answer> => {
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get('content-type') ?? '');
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
};

/** The stable code of a refused request; undefined where the body is no problem. */
export const codeOf = ({ body }: Answer): unknown =>
  typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;

import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished, expect, test } from 'vitest';
import { sessionSchema } from '../../shared/api/auth.ts';
import { songAnswerSchema, songListSchema } from '../../shared/api/songs.ts';
import { ticketSchema, type Ticket } from '../../shared/api/tickets.ts';
import { md5Of, sha256Of } from '../kit/hash.ts';
import { waitFor } from '../kit/wait-for.ts';
import {
  HTML_PAGE,
  RAILS_MEMBER,
  RAILS_MODERATOR,
  SERVER_ERROR,
  startRailsArchive,
  tooManyRequests,
  type RailsArchive,
  type RailsArchiveOptions,
  type RailsUser,
} from '../stand-ins/rails-archive.ts';

const BYTES = Buffer.from('these bytes are music');
const OTHER = Buffer.from('these bytes are noise');

const archiveWith = async (options?: RailsArchiveOptions): Promise<RailsArchive> => {
  const archive = await startRailsArchive(options);
  onTestFinished(() => archive.stop());
  return archive;
};

const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

const post = (archive: RailsArchive, path: string, body: unknown, token?: string): Promise<Response> =>
  fetch(archive.origin + path, {
    method: 'POST',
    headers: { ...JSON_HEADERS, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });

const logIn = async (archive: RailsArchive, user: RailsUser = RAILS_MODERATOR): Promise<string> => {
  const answer = await post(archive, '/api/v1/auth/login', { email: user.email, password: user.password });
  return sessionSchema.parse(await answer.json()).api_token;
};

const ticketFields = (bytes: Buffer, more: object = {}): object => ({
  filename: 'song.flac',
  content_type: 'audio/flac',
  byte_size: bytes.length,
  checksum: md5Of(bytes),
  ...more,
});

const askTicket = async (
  archive: RailsArchive,
  token: string,
  bytes: Buffer,
  more?: object,
): Promise<Ticket> => {
  const answer = await post(archive, '/api/v1/songs/direct_upload', ticketFields(bytes, more), token);
  expect(answer.status).toBe(200);
  return ticketSchema.parse(await answer.json());
};

const put = ({ direct_upload }: Ticket, bytes: Buffer, headers: object = {}): Promise<Response> =>
  fetch(direct_upload.url, {
    method: 'PUT',
    headers: { ...direct_upload.headers, ...headers },
    body: new Uint8Array(bytes),
  });

const record = (
  archive: RailsArchive,
  token: string,
  { signed_id }: Ticket,
  metadata = {},
): Promise<Response> =>
  post(
    archive,
    '/api/v1/songs/create_from_blob',
    { blob_signed_id: signed_id, filename: 'song.flac', metadata },
    token,
  );

const list = async (archive: RailsArchive, token: string, query = ''): Promise<Response> =>
  fetch(`${archive.origin}/api/v1/songs${query}`, { headers: { authorization: `Bearer ${token}` } });

const storedOf = (archive: RailsArchive, { key }: Ticket): string | undefined =>
  archive.blobs().find((blob) => blob.key === key)?.stored?.sha256;

test('a song goes the whole way, with a tamed name and the type that the archive calls it by', async () => {
  const archive = await archiveWith();
  const token = await logIn(archive);
  const ticket = await askTicket(archive, token, BYTES, { filename: ' a/b: 100%?.flac ' });
  expect(ticket).toMatchObject({
    filename: 'a-b- 100--.flac',
    content_type: 'audio/x-flac',
    byte_size: BYTES.length,
    checksum: md5Of(BYTES),
    direct_upload: { headers: { 'Content-Type': 'audio/x-flac' }, signed_id: ticket.signed_id },
  });
  expect((await put(ticket, BYTES)).status).toBe(204);
  const recorded = await record(archive, token, ticket, { title: 'Song', artist: 'Åse' });
  expect(recorded.status).toBe(201);
  expect(songAnswerSchema.parse(await recorded.json()).song).toMatchObject({
    title: 'Song',
    artist: 'Åse',
    album: null,
    original_filename: 'song.flac',
    processing_status: 'needs_review',
  });
  expect(archive.songs().map(({ blob }) => blob.stored?.sha256)).toEqual([sha256Of(BYTES)]);
  expect(archive.counts()).toEqual({ login: 1, ticket: 1, put: 1, record: 1, list: 0, other: 0 });
  expect(archive.putsOf(md5Of(BYTES))).toBe(1);
});

test('a ticket may be asked for inside of blob, and unknown fields are overlooked', async () => {
  const archive = await archiveWith();
  const token = await logIn(archive);
  const blob = ticketFields(BYTES, { sha256: sha256Of(BYTES) });
  const answer = await post(archive, '/api/v1/songs/direct_upload', { blob }, token);
  expect(ticketSchema.parse(await answer.json()).checksum).toBe(md5Of(BYTES));
});

test('without a checksum there is no ticket', async () => {
  const archive = await archiveWith();
  const token = await logIn(archive);
  for (const checksum of [undefined, null, '', 'abc']) {
    const fields = ticketFields(BYTES, { checksum });
    expect((await post(archive, '/api/v1/songs/direct_upload', fields, token)).status).toBe(422);
  }
  expect(archive.blobs()).toEqual([]);
});

test('wrong bytes, length or type are 422 without a body', async () => {
  const archive = await archiveWith();
  const token = await logIn(archive);
  const ticket = await askTicket(archive, token, BYTES);
  const answers = [
    await put(ticket, OTHER),
    await put(ticket, Buffer.concat([BYTES, BYTES])),
    await put(ticket, BYTES, { 'Content-Type': 'audio/flac' }),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(422);
    expect(await answer.text()).toBe('');
  }
  expect(storedOf(archive, ticket)).toBeUndefined();
});

test('a tampered address is 404 without a body', async () => {
  const archive = await archiveWith();
  const ticket = await askTicket(archive, await logIn(archive), BYTES);
  const url = ticket.direct_upload.url.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  const answer = await put({ ...ticket, direct_upload: { ...ticket.direct_upload, url } }, BYTES);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toBe('');
});

test('an address is looked at after the last byte: one that expires on the way is 404', async () => {
  let now = 1_000_000;
  const archive = await archiveWith({ now: () => now });
  const token = await logIn(archive);
  const early = await askTicket(archive, token, BYTES);
  now += 299_999;
  expect((await put(early, BYTES)).status).toBe(204);

  const late = await askTicket(archive, token, BYTES);
  const sending = httpRequest(late.direct_upload.url, {
    method: 'PUT',
    headers: { ...late.direct_upload.headers, 'content-length': BYTES.length },
  });
  sending.write(BYTES.subarray(0, 5));
  await waitFor('the first bytes to arrive', () => archive.requests().at(-1)?.bodyBytes === 5);
  now += 300_000;
  sending.end(BYTES.subarray(5));
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(404);
  expect((await buffer(answer)).length).toBe(0);
  expect(storedOf(archive, late)).toBeUndefined();
});

test('a second PUT with wrong bytes deletes the good file', async () => {
  const archive = await archiveWith();
  const ticket = await askTicket(archive, await logIn(archive), BYTES);
  await put(ticket, BYTES);
  expect(storedOf(archive, ticket)).toBe(sha256Of(BYTES));
  expect((await put(ticket, OTHER)).status).toBe(422);
  expect(storedOf(archive, ticket)).toBeUndefined();
});

test('a PUT that the client cuts leaves torn bytes under the key', async () => {
  const archive = await archiveWith();
  const ticket = await askTicket(archive, await logIn(archive), BYTES);
  const sending = httpRequest(ticket.direct_upload.url, {
    method: 'PUT',
    headers: { ...ticket.direct_upload.headers, 'content-length': BYTES.length },
  });
  sending.on('error', () => undefined);
  sending.write(BYTES.subarray(0, 7));
  await waitFor('seven bytes', () => archive.requests().at(-1)?.bodyBytes === 7);
  sending.destroy();
  const stored = await waitFor('torn bytes', () => archive.blobs()[0]?.stored);
  expect(stored).toMatchObject({ torn: true, byteSize: 7, bytes: BYTES.subarray(0, 7) });
});

test('the same record asked for twice makes two songs, and one without bytes is made too', async () => {
  const archive = await archiveWith();
  const token = await logIn(archive);
  const ticket = await askTicket(archive, token, BYTES);
  expect((await record(archive, token, ticket)).status).toBe(201);
  expect((await record(archive, token, ticket)).status).toBe(201);
  expect(archive.songs().map(({ id, blob }) => [id, blob.stored])).toEqual([
    [1, undefined],
    [2, undefined],
  ]);
  expect((await record(archive, token, { ...ticket, signed_id: 'x--y' })).status).toBe(404);
});

test('songs are listed newest first, page by page', async () => {
  const archive = await archiveWith();
  const token = await logIn(archive);
  const ticket = await askTicket(archive, token, BYTES);
  for (let number = 0; number < 5; number += 1) await record(archive, token, ticket);
  const page = songListSchema.parse(await (await list(archive, token, '?page=2&per_page=2')).json());
  expect(page).toMatchObject({ count: 5, page: 2, per_page: 2 });
  expect(page.songs.map(({ id }) => id)).toEqual([3, 2]);
  expect(page.songs[0]).not.toHaveProperty('checksum');
  const none = songListSchema.parse(await (await list(archive, token, '?processing_status=approved')).json());
  expect(none).toMatchObject({ count: 0, songs: [] });
});

test('songs tell size and checksum where the archive is one of those', async () => {
  const archive = await archiveWith({ songsTellContent: true });
  const token = await logIn(archive);
  await record(archive, token, await askTicket(archive, token, BYTES));
  const { songs } = songListSchema.parse(await (await list(archive, token)).json());
  expect(songs[0]).toMatchObject({ byte_size: BYTES.length, checksum: md5Of(BYTES) });
});

test('a token lives an hour, a member has no rights, a wrong password none at all', async () => {
  let now = Date.now();
  const archive = await archiveWith({ now: () => now });
  const token = await logIn(archive);
  now += 3_599_999;
  expect((await list(archive, token)).status).toBe(200);
  now += 1;
  expect((await list(archive, token)).status).toBe(401);
  expect((await list(archive, await logIn(archive, RAILS_MEMBER))).status).toBe(403);
  const wrong = await post(archive, '/api/v1/auth/login', { email: RAILS_MODERATOR.email, password: 'no' });
  expect([wrong.status, await wrong.json()]).toEqual([401, { error: 'Invalid email or password' }]);
  const again = await logIn(archive);
  archive.forgetTokens();
  expect((await list(archive, again)).status).toBe(401);
});

test.each([
  ['GET', '/api/v1'],
  ['OPTIONS', '/api/v1/songs/direct_upload'],
  ['POST', '/api/v1/songs/direct_uploads'],
  ['POST', '/api/v1/songs/known'],
  ['POST', '/api/v1/auth/refresh'],
])('it knows no %s %s, and says so in JSON only to those who ask', async (method, path) => {
  const archive = await archiveWith();
  const plain = await fetch(archive.origin + path, { method });
  expect([plain.status, plain.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  expect(plain.headers.get('access-control-allow-origin')).toBeNull();
  const asked = await fetch(archive.origin + path, { method, headers: { accept: 'application/json' } });
  expect([asked.status, await asked.json()]).toEqual([404, { status: 404, error: 'Not Found' }]);
});

test('a request that is no JSON is 400, in JSON only to those who ask', async () => {
  const archive = await archiveWith();
  const send = (accept: string): Promise<Response> =>
    fetch(`${archive.origin}/api/v1/auth/login`, {
      method: 'POST',
      headers: { ...JSON_HEADERS, accept },
      body: '{',
    });
  expect(await (await send('*/*')).text()).toContain('<html>');
  expect(await (await send('application/json')).json()).toEqual({ status: 400, error: 'Bad Request' });
});

test('JSON arrives in chunks, without a length', async () => {
  const archive = await archiveWith();
  const body = JSON.stringify({ email: RAILS_MODERATOR.email, password: RAILS_MODERATOR.password });
  const socket = connect(Number(new URL(archive.origin).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(
    `POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(answer.toString()).toMatch(/\r\nTransfer-Encoding: chunked\r\n/i);
  expect(answer.toString()).not.toMatch(/content-length|keep-alive/i);
});

test('an idle connection is closed, one that is used is kept', async () => {
  const archive = await archiveWith({ keepAliveMs: 1_000 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const portOf = async (): Promise<number | undefined> => {
    const sending = httpRequest(`${archive.origin}/api/v1`, { agent }).end();
    const [answer] = (await once(sending, 'response')) as [IncomingMessage];
    const port = answer.socket.localPort;
    await buffer(answer);
    return port;
  };
  const first = await portOf();
  expect(await portOf()).toBe(first);
  await waitFor('the idle connection to close', () => Object.keys(agent.freeSockets).length === 0);
  expect(await portOf()).not.toBe(first);
});

test('a dropped answer leaves the work done', async () => {
  const archive = await archiveWith();
  const token = await logIn(archive);
  const ticket = await askTicket(archive, token, BYTES);
  archive.misbehave('put', { do: 'drop-answer' });
  archive.misbehave('record', { do: 'drop-answer' });
  await expect(put(ticket, BYTES)).rejects.toThrow('fetch failed');
  await expect(record(archive, token, ticket)).rejects.toThrow('fetch failed');
  expect(storedOf(archive, ticket)).toBe(sha256Of(BYTES));
  expect(archive.songs()).toHaveLength(1);
  expect(archive.requests().map(({ status, misbehaved }) => [status, misbehaved])).toEqual([
    [200, undefined],
    [200, undefined],
    [undefined, 'drop-answer'],
    [undefined, 'drop-answer'],
  ]);
  expect((await list(archive, token)).status).toBe(200);
});

test('it answers as it is told to, as often as it is told to, and does nothing else', async () => {
  const archive = await archiveWith();
  const token = await logIn(archive);
  archive.misbehave('ticket', tooManyRequests(7), { skip: 1, times: 2 });
  archive.misbehave('ticket', SERVER_ERROR);
  archive.misbehave('ticket', HTML_PAGE);
  const answers: Response[] = [];
  for (let number = 0; number < 6; number += 1) {
    answers.push(await post(archive, '/api/v1/songs/direct_upload', ticketFields(BYTES), token));
  }
  expect(answers.map(({ status }) => status)).toEqual([200, 429, 429, 500, 200, 200]);
  expect(answers[1]?.headers.get('retry-after')).toBe('7');
  expect(answers[4]?.headers.get('content-type')).toContain('text/html');
  expect(archive.blobs()).toHaveLength(2);
});

test('misbehaviour can be taken back', async () => {
  const archive = await archiveWith();
  archive.misbehave('login', SERVER_ERROR, { times: 100 });
  archive.behave();
  expect(await logIn(archive)).not.toBe('');
});

test('a PUT that the archive cuts leaves exactly so many bytes behind', async () => {
  const archive = await archiveWith();
  const ticket = await askTicket(archive, await logIn(archive), BYTES);
  archive.misbehave('put', { do: 'cut-body', afterBytes: 4 });
  await expect(put(ticket, BYTES)).rejects.toThrow('fetch failed');
  expect(archive.blobs()[0]?.stored).toMatchObject({ torn: true, byteSize: 4, bytes: BYTES.subarray(0, 4) });
});

test('killed in the middle of a PUT it is gone; restarted it knows everything and has torn bytes', async () => {
  const archive = await archiveWith();
  const token = await logIn(archive);
  const ticket = await askTicket(archive, token, BYTES);
  archive.misbehave('put', { do: 'die-in-body', afterBytes: 4 });
  await expect(put(ticket, BYTES)).rejects.toThrow('fetch failed');
  await expect(list(archive, token)).rejects.toThrow('fetch failed');
  await archive.restart();
  expect((await list(archive, token)).status).toBe(200);
  expect(archive.blobs()[0]?.stored).toMatchObject({ torn: true, byteSize: 4 });
  expect((await put(ticket, BYTES)).status).toBe(204);
});

test('killed after the work it has done it', async () => {
  const archive = await archiveWith();
  const token = await logIn(archive);
  const ticket = await askTicket(archive, token, BYTES);
  archive.misbehave('record', { do: 'die-after-work' });
  await expect(record(archive, token, ticket)).rejects.toThrow('fetch failed');
  await archive.restart();
  expect(archive.songs()).toHaveLength(1);
  await archive.restart();
  expect((await list(archive, token)).status).toBe(200);
});

test('it may be silent, or slow', async () => {
  const archive = await archiveWith();
  archive.misbehave('login', { do: 'hang' });
  archive.misbehave('login', { do: 'delay', ms: 50 });
  const silent = logIn(archive).then(
    () => 'answered',
    () => 'cut',
  );
  const started = performance.now();
  await logIn(archive);
  expect(performance.now() - started).toBeGreaterThan(45);
  expect(await Promise.race([silent, sleep(30, 'silent')])).toBe('silent');
  await archive.kill();
  expect(await silent).toBe('cut');
});

test('no secret gets into the request log', async () => {
  const archive = await archiveWith();
  const token = await logIn(archive);
  const ticket = await askTicket(archive, token, BYTES);
  await put(ticket, BYTES);
  const log = JSON.stringify(archive.requests());
  expect(log).not.toContain(token);
  expect(log).not.toContain(ticket.direct_upload.url.split('/').at(-1));
});

test('without its bytes a stored file is still known by size and checksums', async () => {
  const archive = await archiveWith({ keepBytes: false });
  const ticket = await askTicket(archive, await logIn(archive), BYTES);
  expect((await put(ticket, BYTES)).status).toBe(204);
  const stored = archive.blobs()[0]?.stored;
  expect(stored).toMatchObject({ byteSize: BYTES.length, sha256: sha256Of(BYTES), checksum: md5Of(BYTES) });
  expect(stored?.bytes.length).toBe(0);
});

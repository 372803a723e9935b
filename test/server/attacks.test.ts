import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mp3, sha256Of } from './support/audio.ts';
import { startTestArchive, type TestArchive } from './support/archive.ts';
import { type Client, codeOf, createClient, readAnswer } from './support/client.ts';
import { createTestLog } from './support/log.ts';
import { rows, storedObjects } from './support/look.ts';
import { rawRequest, rawSocket } from './support/raw.ts';

const log = createTestLog();
let test: TestArchive;
let url: string;
let token: string;
let moderator: Client;

beforeAll(async () => {
  test = await startTestArchive({
    logger: log.logger,
    config: { stallSeconds: 0.4, bodySeconds: 1, maxPendingPerUser: 30 },
  });
  url = test.archive.url;
  token = await test.tokenOf('mod@example.com');
  moderator = createClient(url, token);
});
afterAll(() => test.stop());

const ROUTES = [
  ['POST', '/api/v1/songs/direct_upload'],
  ['POST', '/api/v1/songs/direct_uploads'],
  ['POST', '/api/v1/songs/create_from_blob'],
  ['POST', '/api/v1/songs/create_from_blobs'],
  ['POST', '/api/v1/songs/known'],
  ['POST', '/api/v1/songs'],
  ['GET', '/api/v1/songs'],
  ['GET', '/api/v1/songs/1'],
  ['GET', '/api/v1/status'],
] as const;

const item = { filename: 'a.mp3', content_type: 'audio/mpeg', byte_size: 10 };

describe('who is not signed in or has not the role', () => {
  it.each(ROUTES)('gets 401 and how to sign in from %s %s', async (method, path) => {
    for (const authorization of [undefined, 'Bearer x', 'Bearer ', 'Basic eDp4', `Bearer ${token}x`, token]) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });

  it.each(ROUTES)('gets 403 as a member from %s %s', async (method, path) => {
    const member = createClient(url, await test.tokenOf('member@example.com', 'member'));
    const answer = await member.send(method, path, method === 'POST' ? { ...item } : undefined);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'forbidden_role']);
    expect(
      rows(test.dataDir, "select * from blob b join user u on u.id = b.owner_id where email like 'member%'"),
    ).toEqual([]);
  });

  it('reaches only health, discovery, the description of the API, log-in and refresh', async () => {
    const nobody = createClient(url);
    expect((await nobody.get('/health')).status).toBe(200);
    expect((await nobody.get('/api/v1')).status).toBe(200);
    expect((await nobody.get('/api/v1/openapi.json')).status).toBe(200);
    expect((await nobody.post('/api/v1/auth/logout')).status).toBe(401);
    expect((await nobody.get('/api/v1/nothing')).status).toBe(404);
  });
});

describe('signed things', () => {
  it('are worth nothing to another user, and stay as they are', async () => {
    const bytes = mp3();
    const ticket = await moderator.ticketFor(bytes);
    await moderator.put(ticket, bytes);
    const other = createClient(url, await test.tokenOf('other@example.com'));
    const answer = await other.record(ticket);
    expect([answer.status, codeOf(answer)]).toEqual([404, 'not_found']);
    expect((await moderator.record(ticket)).status).toBe(201);
  });

  it('are refused with any one character changed, without a signature or of another version', async () => {
    const bytes = mp3(2);
    const ticket = await moderator.ticketFor(bytes);
    const [, base = '', signed = ''] = /^(.*\/storage\/)(.*)$/.exec(ticket.direct_upload.url) ?? [];
    const changed = Array.from(signed, (char, i) => {
      const other = char === 'A' ? 'B' : 'A';
      return signed.slice(0, i) + other + signed.slice(i + 1);
    });
    const [, payload, mac] = signed.split('.');
    const odd = [
      `v1.${payload}`,
      `v1.${payload}.`,
      `v2.${payload}.${mac}`,
      `v1..${mac}`,
      `none.${payload}.${mac}`,
    ];
    for (const wrong of [...changed, ...odd]) {
      const answer = await fetch(base + wrong, {
        method: 'PUT',
        headers: ticket.direct_upload.headers,
        body: new Uint8Array(bytes),
      });
      expect(answer.status).toBe(404);
      await answer.arrayBuffer();
    }
    expect(storedObjects(test.dataDir).has(ticket.key)).toBe(false);
  });

  it('serve one purpose only', async () => {
    const bytes = mp3();
    const ticket = await moderator.ticketFor(bytes);
    const put = ticket.direct_upload.url.split('/').at(-1) ?? '';
    const send = (text: string) => fetch(`${url}/api/v1/storage/${text}`, { method: 'PUT', body: 'x' });
    expect((await send(ticket.signed_id)).status).toBe(404);
    expect((await send(token)).status).toBe(404);
    const crossed = { ...ticket, signed_id: put };
    expect((await moderator.record(crossed)).status).toBe(404);
    for (const bearer of [put, ticket.signed_id]) {
      expect((await createClient(url, bearer).get('/api/v1/songs')).status).toBe(401);
    }
  });

  it('expire: the record after a day', async () => {
    const bytes = mp3();
    const ticket = await moderator.ticketFor(bytes);
    await moderator.put(ticket, bytes);
    test.wait(24 * 3600 + 1);
    const later = createClient(url, await test.tokenOf('mod@example.com'));
    expect((await later.record(ticket)).status).toBe(404);
    token = await test.tokenOf('mod@example.com');
    moderator = createClient(url, token);
  });
});

describe('bodies that are not what they should be', () => {
  it('with unknown properties are refused and change nothing', async () => {
    for (const body of [
      { ...item, key: '../../x' },
      { ...item, metadata: { identified: true } },
      { ...item, service_name: 'x', state: 'uploaded' },
      { blob: { ...item, metadata: { identified: true } } },
      { blob: item, role: 'admin' },
    ]) {
      const answer = await moderator.post('/api/v1/songs/direct_upload', body);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_request']);
    }
    const bytes = mp3();
    const ticket = await moderator.ticketFor(bytes);
    await moderator.put(ticket, bytes);
    const answer = await moderator.record(ticket, 'song.mp3', { title: 'x', processing_status: 'approved' });
    expect(answer.status).toBe(400);
  });

  it('with numbers and checksums that are none are refused, never coerced', async () => {
    const sizes = [-1, 0, 1.5, '10', 1e300, null, true, [10]];
    const sums = ['', 'abc', 'x'.repeat(24), 'AAAAAAAAAAAAAAAAAAAAAA=', 7];
    const bad = [
      ...sizes.map((byte_size) => ({ ...item, byte_size })),
      ...sums.map((checksum) => ({ ...item, checksum })),
      { ...item, sha256: 'ABCDEF' },
      { ...item, filename: 'a'.repeat(5000) },
      { ...item, filename: 7 },
    ];
    for (const body of bad) {
      const answer = await moderator.post('/api/v1/songs/direct_upload', body);
      expect([400, 413]).toContain(answer.status);
    }
    const huge = await moderator.post('/api/v1/songs/direct_upload', { ...item, byte_size: 1e15 });
    expect([huge.status, codeOf(huge)]).toEqual([413, 'too_large']);
  });

  it('say which field is wrong, of the shape that was meant', async () => {
    const plain = await moderator.post('/api/v1/songs/direct_upload', { ...item, byte_size: '10' });
    expect(plain.body).toMatchObject({ detail: expect.stringMatching(/^byte_size: .*number/) });
    const wrapped = await moderator.post('/api/v1/songs/direct_upload', { blob: { ...item, checksum: 'x' } });
    expect(wrapped.body).toMatchObject({ detail: expect.stringMatching(/^blob\.checksum: .*MD5/) });
  });

  it('of other kinds or broken do not reach a handler', async () => {
    const body = JSON.stringify(item);
    const send = (type: string, text = body) =>
      rawRequest(`${url}/api/v1/songs/direct_upload`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        body: text,
      });
    for (const [type, text] of [
      ['text/plain', body],
      ['application/json\t;x', body],
      ['application/x-www-form-urlencoded', 'a=b'],
      ['multipart/form-data', body],
      ['application/xml', '<a/>'],
      ['application/json', '{"__proto__": {"x": 1}}'],
      ['application/json', '{"filename":'],
      ['application/json', '7'],
      ['application/json', 'null'],
      ['application/json', ''],
    ] as const) {
      const answer = await send(type, text);
      expect([400, 415]).toContain(answer.status);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.body).not.toMatch(/at .*\(|node_modules|\.ts:/);
    }
    const large = await send('application/json', `"${'x'.repeat(5_000_000)}"`);
    expect(large.status).toBe(413);
  });

  it('name files that are tamed before they are shown or stored', async () => {
    const names = [
      ['../../etc/a.mp3', '..-..-etc-a.mp3'],
      ['a\r\nX-Evil: y.mp3', 'a--X-Evil: y.mp3'],
      ['a\u202e3pm.exe.mp3', 'a-3pm.exe.mp3'],
      ['ein Lied \u{1f3b5} "q" %00.mp3', 'ein Lied \u{1f3b5} "q" %00.mp3'],
      [' .mp3', 'untitled.mp3'],
      ['..mp3', 'untitled.mp3'],
      ['. .. \u200b\u00a0\u3000\ufeff.MP3  ', 'untitled.mp3'],
      ['  \u{1f3b5}.mp3 ', '\u{1f3b5}.mp3'],
      ['...and justice.mp3', '...and justice.mp3'],
      ['\u202e.mp3', '-.mp3'],
    ] as const;
    for (const [sent, tame] of names) {
      const bytes = mp3();
      const ticket = await moderator.ticketFor(bytes, sent);
      expect(ticket.filename).toBe(tame);
      expect(ticket.key).toMatch(/^[0-9a-f]{40}$/);
    }
    const exe = await moderator.post('/api/v1/songs/direct_upload', {
      ...item,
      filename: 'a.mp3\u202e3pm.exe',
    });
    expect(exe.status).toBe(422);
  });
});

describe('addresses', () => {
  it.each(['..%2f..%2fetc%2fpasswd', '%00', '*', '%7Ba,b%7D', '1e3', '0x10', "1' OR 1=1--", '-1', '%'])(
    'with %s in them find nothing',
    async (text) => {
      const song = await rawRequest(`${url}/api/v1/songs/${encodeURI(text).replaceAll('%25', '%')}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([400, 404]).toContain(song.status);
      expect(song.headers['content-type']).toMatch(/^application\/problem\+json/);
      const stored = await rawRequest(`${url}/api/v1/storage/${encodeURI(text)}`, {
        method: 'PUT',
        body: 'x',
      });
      expect([400, 404]).toContain(stored.status);
    },
  );

  it('in answers come from the configuration, whatever a request claims', async () => {
    const answer = await fetch(`${url}/api/v1/songs/direct_upload`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        forwarded: 'host=evil.example',
      },
      body: JSON.stringify(item),
    });
    const { body } = await readAnswer(answer);
    expect(body).toMatchObject({ direct_upload: { url: expect.stringMatching(new RegExp(`^${url}/`)) } });
    const said = await rawSocket(
      url,
      `POST /api/v1/songs/direct_upload HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer ${token}\r\n` +
        `Content-Type: application/json\r\nConnection: close\r\n` +
        `Content-Length: ${JSON.stringify(item).length}\r\n\r\n${JSON.stringify(item)}`,
    );
    expect(said).toMatch(/^HTTP\/1.1 200/);
    expect(said).not.toContain('evil');
  });
});

describe('requests that play with the connection', () => {
  it('with two lengths, or length and chunks, are refused', async () => {
    const head = `POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
    for (const lengths of [
      'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n',
      'Content-Length: 2\r\nContent-Length: 3\r\n',
      'Content-Length: x\r\n',
    ]) {
      const said = await rawSocket(url, `${head}${lengths}\r\n{}`);
      expect(said).toMatch(/^HTTP\/1.1 400/);
      expect(said).toContain('application/problem+json');
    }
  });

  it('with a body that trickles are ended, and others are served meanwhile', async () => {
    const ticket = await moderator.ticketFor(mp3(5000));
    const { hostname, port, pathname } = new URL(ticket.direct_upload.url);
    const socket = connect(Number(port), hostname);
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.write(
      `PUT ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Type: audio/mpeg\r\n` +
        `Content-MD5: ${ticket.checksum}\r\nContent-Length: ${ticket.byte_size}\r\n\r\n`,
    );
    const drip = setInterval(() => socket.write('x'), 50);
    const good = mp3();
    await moderator.upload(good);
    await closed;
    clearInterval(drip);
    expect(said).toMatch(/^HTTP\/1.1 408/);
    expect(said).toContain('request_timeout');
  });

  it('from nobody in particular may be small only', async () => {
    const large = { email: 'a@b.de', password: 'x', refresh_token: 'x'.repeat(20_000) };
    for (const path of ['login', 'refresh', 'logout']) {
      const answer = await moderator.post(`/api/v1/auth/${path}`, large);
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 413, 'too_large']);
    }
    expect((await createClient(url).post('/api/v1/nothing', large)).status).toBe(413);
    // Who is signed in may send a batch.
    const items = Array.from({ length: 100 }, () => ({ ...item, filename: `${'a'.repeat(300)}.txt` }));
    expect((await moderator.post('/api/v1/songs/direct_uploads', { items })).status).toBe(200);
  });

  it.each(['/api/v1/songs/direct_uploads', '/api/v1/songs', '/api/v1/nothing'])(
    'with a large JSON body that comes steadily but too slowly are ended: %s',
    async (path) => {
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      let said = '';
      socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
      socket.on('error', () => undefined);
      const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
      // In pieces that the watch over uploads is content with.
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
          `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      const drip = setInterval(() => socket.write(`64\r\n${' '.repeat(100)}\r\n`), 20);
      await closed;
      clearInterval(drip);
      expect(said).toMatch(/^HTTP\/1.1 (408|415)/);
      expect(said).toMatch(/request_timeout|unsupported_media_type/);
    },
  );

  it('that take longer than JSON may, but move, are served', async () => {
    const bytes = mp3(50);
    const ticket = await moderator.ticketFor(bytes);
    const { hostname, port, pathname } = new URL(ticket.direct_upload.url);
    const socket = connect(Number(port), hostname);
    const said = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
    socket.write(
      `PUT ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Type: audio/mpeg\r\n` +
        `Content-MD5: ${ticket.checksum}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    for (let at = 0; at < bytes.length; at += 1100) {
      socket.write(bytes.subarray(at, at + 1100));
      await sleep(100);
    }
    expect(await said).toMatch(/^HTTP\/1.1 204/);
    socket.destroy();
  });

  it('that break off in the middle leave nothing', async () => {
    const bytes = mp3(500);
    const ticket = await moderator.ticketFor(bytes);
    const { hostname, port, pathname } = new URL(ticket.direct_upload.url);
    for (let i = 0; i < 20; i += 1) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(
        `PUT ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Type: audio/mpeg\r\n` +
          `Content-MD5: ${ticket.checksum}\r\nContent-Length: ${bytes.length}\r\n\r\n`,
      );
      socket.write(bytes.subarray(0, 50_000));
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.destroy();
    }
    expect((await moderator.put(ticket, bytes)).status).toBe(204);
    expect(storedObjects(test.dataDir).get(ticket.key)).toBe(sha256Of(bytes));
  });

  it('with more bytes than announced are refused and read no further than they must', async () => {
    const ticket = await moderator.ticketFor(mp3(2));
    const answer = await moderator.put(ticket, Buffer.alloc(10_000_000));
    expect([answer.status, codeOf(answer)]).toEqual([422, 'length_mismatch']);
  });
});

describe('floods', () => {
  it('of tickets without bytes end in 429, and the tickets run out', async () => {
    const flooder = createClient(url, await test.tokenOf('flood@example.com'));
    const batch = { items: Array(20).fill(item) };
    await flooder.post('/api/v1/songs/direct_uploads', batch);
    const answer = await flooder.post('/api/v1/songs/direct_uploads', batch);
    expect(answer.body).toMatchObject({
      results: [
        ...Array(10).fill({ status: 200 }),
        ...Array(10).fill({ status: 429, problem: { code: 'too_many_pending' } }),
      ],
    });
    const single = await flooder.post('/api/v1/songs/direct_upload', item);
    expect(single.status).toBe(429);
    expect(Number(single.headers.get('retry-after'))).toBeGreaterThan(0);
    test.wait(16 * 60);
    expect((await flooder.post('/api/v1/songs/direct_upload', item)).status).toBe(200);
  });
});

describe('browsers', () => {
  it('of other origins get no permission, for there is none configured', async () => {
    const preflight = await fetch(`${url}/api/v1/songs`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    const post = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(post.headers.get('access-control-allow-origin')).toBeNull();
    expect(post.headers.get('set-cookie')).toBeNull();
  });
});

describe('the log', () => {
  it('holds one line for each refusal, and no token, address with a token or password', async () => {
    const password = 'a secret that must not be logged';
    await createClient(url).post('/api/v1/auth/login', { email: 'x\n{"level":"info"}@y.zz', password });
    const bytes = mp3();
    const ticket = await moderator.ticketFor(bytes);
    await moderator.put(ticket, bytes);
    await moderator.record(ticket);
    const text = log.text();
    for (const secret of [
      token,
      ticket.signed_id,
      ticket.direct_upload.url.split('/').at(-1) ?? '',
      password,
    ]) {
      expect(secret.length).toBeGreaterThan(20);
      expect(text).not.toContain(secret);
    }
    for (const line of text.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    expect(log.audits('request_refused').length).toBeGreaterThan(50);
    expect(log.audits('song_recorded').length).toBeGreaterThan(1);
    expect(log.audits('login_failed')).toHaveLength(1);
  });
});

import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { sessionSchema } from '../../shared/api/auth.ts';
import { ticketSchema } from '../../shared/api/tickets.ts';
import { md5Of, sha256Of } from '../kit/hash.ts';
import { waitFor } from '../kit/wait-for.ts';
import {
  startFaultProxy,
  type Fault,
  type FaultProxy,
  type FaultProxyOptions,
} from '../stand-ins/fault-proxy.ts';
import { RAILS_MODERATOR, startRailsArchive } from '../stand-ins/rails-archive.ts';

interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly host: string | undefined;
  body: Buffer;
  complete: boolean;
}

interface Target {
  readonly origin: string;
  readonly arrived: readonly Arrived[];
}

/** Notes what arrives, also when it is cut, and answers with the body's length as many times the letter a. */
const startTarget = async (): Promise<Target> => {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const entry: Arrived = { method, url, host: headers.host, body: Buffer.alloc(0), complete: false };
    arrived.push(entry);
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => {
      entry.body = Buffer.concat([entry.body, chunk]);
    });
    request.on('end', () => {
      entry.complete = true;
      response.writeHead(201, { 'content-type': 'text/plain', 'x-own': 'kept' });
      response.end('a'.repeat(entry.body.length));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived };
};

const proxyFor = async (options: FaultProxyOptions): Promise<FaultProxy> => {
  const proxy = await startFaultProxy(options);
  onTestFinished(() => proxy.stop());
  return proxy;
};

const setUp = async (): Promise<{ proxy: FaultProxy; target: Target }> => {
  const target = await startTarget();
  return { proxy: await proxyFor({ target: target.origin }), target };
};

const BODY = Buffer.alloc(200_000, 'some bytes of a song ');

const put = (proxy: FaultProxy, path = '/file?secret=1', body = BODY): Promise<Response> =>
  fetch(proxy.origin + path, { method: 'PUT', body: new Uint8Array(body) });

const CUT = 'fetch failed';

test('without a rule everything passes, and is noted without the query', async () => {
  const { proxy, target } = await setUp();
  const answer = await put(proxy);
  expect([answer.status, answer.headers.get('x-own')]).toEqual([201, 'kept']);
  expect((await answer.text()).length).toBe(BODY.length);
  expect(target.arrived).toMatchObject([{ method: 'PUT', url: '/file?secret=1', complete: true }]);
  expect(target.arrived[0]?.body.equals(BODY)).toBe(true);
  expect(target.arrived[0]?.host).toBe(new URL(target.origin).host);
  expect(proxy.requests()).toEqual([
    {
      method: 'PUT',
      path: '/file',
      requestBytes: BODY.length,
      responseBytes: BODY.length,
      status: 201,
      fault: undefined,
      outcome: 'answered',
    },
  ]);
  proxy.forgetRequests();
  expect(proxy.requests()).toEqual([]);
});

test('a whole upload to an archive goes through the proxy, its tickets too', async () => {
  const archive = await startRailsArchive();
  onTestFinished(() => archive.stop());
  const proxy = await proxyFor({ target: archive.origin });
  const headers = { 'content-type': 'application/json' };
  const post = (path: string, body: unknown, more = {}): Promise<Response> =>
    fetch(proxy.origin + path, {
      method: 'POST',
      headers: { ...headers, ...more },
      body: JSON.stringify(body),
    });
  const { email, password } = RAILS_MODERATOR;
  const session = sessionSchema.parse(await (await post('/api/v1/auth/login', { email, password })).json());
  const asked = {
    filename: 'Träd.flac',
    content_type: 'audio/flac',
    byte_size: BODY.length,
    checksum: md5Of(BODY),
  };
  const authorization = `Bearer ${session.api_token}`;
  const answer = await post('/api/v1/songs/direct_upload', asked, { authorization });
  const ticket = ticketSchema.parse(await answer.json());
  expect(ticket.filename).toBe('Träd.flac');
  expect(new URL(ticket.direct_upload.url).origin).toBe(proxy.origin);
  const stored = await fetch(ticket.direct_upload.url, {
    method: 'PUT',
    headers: ticket.direct_upload.headers,
    body: new Uint8Array(BODY),
  });
  expect(stored.status).toBe(204);
  expect(archive.blobs()[0]?.stored?.sha256).toBe(sha256Of(BODY));
  expect(JSON.stringify(proxy.requests())).not.toContain(ticket.direct_upload.url.split('/').at(-1));
});

test('origins in JSON are left alone on request, and a longer port is another origin', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ own: `${origin}/a`, longer: `${origin}9/b`, public: 'https://x.example/c' }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const read = async (rewriteOrigins: boolean | readonly string[]): Promise<unknown> => {
    const proxy = await proxyFor({ target: origin, rewriteOrigins });
    const text = await (await fetch(proxy.origin)).text();
    return JSON.parse(text.replaceAll(proxy.origin, 'PROXY'));
  };
  const unchanged = { own: `${origin}/a`, longer: `${origin}9/b`, public: 'https://x.example/c' };
  expect(await read(false)).toEqual(unchanged);
  expect(await read(true)).toEqual({ ...unchanged, own: 'PROXY/a' });
  expect(await read(['https://x.example'])).toEqual({ ...unchanged, own: 'PROXY/a', public: 'PROXY/c' });
});

test('a swallowed request never arrives', async () => {
  const { proxy, target } = await setUp();
  proxy.addRule({ fault: { kind: 'swallow' } });
  await expect(put(proxy)).rejects.toThrow(CUT);
  expect(target.arrived).toEqual([]);
  expect(proxy.requests()).toMatchObject([{ requestBytes: 0, fault: 'swallow', outcome: 'cut' }]);
});

test('with a dropped answer the request arrives whole, and nobody hears of it', async () => {
  const { proxy, target } = await setUp();
  proxy.addRule({ fault: { kind: 'drop-answer' } });
  await expect(put(proxy)).rejects.toThrow(CUT);
  expect(target.arrived).toMatchObject([{ complete: true }]);
  expect(target.arrived[0]?.body.equals(BODY)).toBe(true);
  expect(proxy.requests()).toMatchObject([{ status: 201, responseBytes: 0, outcome: 'cut' }]);
});

test.each([0, 1, 70_000])(
  'a request that is cut after %i bytes arrives with exactly these',
  async (afterBytes) => {
    const { proxy, target } = await setUp();
    proxy.addRule({ fault: { kind: 'cut-request', afterBytes } });
    await expect(put(proxy)).rejects.toThrow(CUT);
    const log = await waitFor('the cut', () => proxy.requests().find(({ outcome }) => outcome === 'cut'));
    expect(log.requestBytes).toBe(afterBytes);
    if (afterBytes > 0) await waitFor('its bytes', () => target.arrived[0]?.body.length === afterBytes);
    await sleep(20);
    expect(target.arrived.filter(({ complete }) => complete)).toEqual([]);
    expect(target.arrived[0]?.body.length ?? 0).toBe(afterBytes);
  },
);

test('a cut may fall anywhere in the body', async () => {
  const target = await startTarget();
  const proxy = await proxyFor({ target: target.origin, random: () => 0.25 });
  proxy.addRule({ fault: { kind: 'cut-request', afterBytes: 'random' } });
  await expect(put(proxy)).rejects.toThrow(CUT);
  expect(proxy.requests()).toMatchObject([{ requestBytes: BODY.length / 4, outcome: 'cut' }]);
});

test('an answer that is cut begins as it should and does not end', async () => {
  const { proxy } = await setUp();
  proxy.addRule({ fault: { kind: 'cut-response', afterBytes: 1000 } });
  const answer = await put(proxy);
  expect(answer.status).toBe(201);
  await expect(answer.text()).rejects.toThrow('terminated');
  expect(proxy.requests()).toMatchObject([{ responseBytes: 1000, outcome: 'cut' }]);
});

test('an answer of its own is given without the archive', async () => {
  const { proxy, target } = await setUp();
  proxy.addRule({
    fault: { kind: 'answer', status: 429, headers: { 'retry-after': '3' }, body: 'slow down' },
  });
  const answer = await put(proxy);
  expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([
    429,
    '3',
    'slow down',
  ]);
  expect(target.arrived).toEqual([]);
  expect((await put(proxy)).status).toBe(201);
});

test('a delayed request arrives later; one whose sender has gone away meanwhile does not', async () => {
  const { proxy, target } = await setUp();
  proxy.addRule({ fault: { kind: 'delay', ms: 60 } });
  proxy.addRule({ fault: { kind: 'delay', ms: 500 } });
  const started = performance.now();
  expect((await put(proxy)).status).toBe(201);
  expect(performance.now() - started).toBeGreaterThan(55);
  await expect(fetch(proxy.origin, { signal: AbortSignal.timeout(20) })).rejects.toThrow('timeout');
  await waitFor('the end of the delay', () => proxy.requests()[1]?.outcome === 'client gone');
  expect(target.arrived).toHaveLength(1);
});

test('a black hole takes the request and is silent, until the client gives up', async () => {
  const { proxy, target } = await setUp();
  proxy.addRule({ path: /hole/, fault: { kind: 'black-hole' } });
  const silent = fetch(`${proxy.origin}/hole`, { signal: AbortSignal.timeout(50) });
  expect((await put(proxy)).status).toBe(201);
  await expect(silent).rejects.toThrow('timeout');
  expect(target.arrived.map(({ method }) => method)).toEqual(['PUT']);
});

const seconds = async (work: Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work;
  return (performance.now() - started) / 1000;
};

test('a slow line takes the time that its bytes need, and is exact', async () => {
  const { proxy, target } = await setUp();
  const fault: Fault = { kind: 'slow', bytesPerSecond: 2_000_000 };
  proxy.addRule({ fault });
  // 200,000 bytes there and 200,000 back.
  expect(await seconds(put(proxy).then((answer) => answer.text()))).toBeGreaterThan(0.19);
  expect(target.arrived[0]?.body.equals(BODY)).toBe(true);
});

test('all share the bandwidth, until it is lifted', async () => {
  const { proxy } = await setUp();
  proxy.setBandwidth(4_000_000);
  const two = Promise.all([put(proxy), put(proxy)].map(async (answer) => (await answer).text()));
  expect(await seconds(two)).toBeGreaterThan(0.19);
  proxy.setBandwidth(undefined);
  expect((await put(proxy)).status).toBe(201);
});

test('frozen nothing moves and nothing is closed; thawed it goes on where it was', async () => {
  const { proxy, target } = await setUp();
  proxy.setBandwidth(200_000);
  const open = put(proxy);
  await waitFor('the first bytes', () => (proxy.requests()[0]?.requestBytes ?? 0) > 0);
  proxy.freeze();
  const late = put(proxy, '/late');
  await sleep(30);
  const before = proxy.requests().map(({ requestBytes }) => requestBytes);
  await sleep(150);
  expect(proxy.requests().map(({ requestBytes }) => requestBytes)).toEqual(before);
  expect(before[0]).toBeLessThan(BODY.length);
  proxy.setBandwidth(undefined);
  proxy.thaw();
  expect((await open).status).toBe(201);
  expect((await late).status).toBe(201);
  expect(target.arrived.every(({ body }) => body.equals(BODY))).toBe(true);
});

test('offline, open lines are cut and new ones refused; online it is where it was', async () => {
  const { proxy } = await setUp();
  proxy.addRule({ path: /open/, fault: { kind: 'black-hole' } });
  const open = put(proxy, '/open').then(
    () => 'answered',
    () => 'cut',
  );
  await waitFor('the open request', () => proxy.requests().length === 1);
  await proxy.goOffline();
  expect(await open).toBe('cut');
  const refused: unknown = await put(proxy).catch((error: unknown) => error);
  expect(refused).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await proxy.goOnline();
  expect((await put(proxy)).status).toBe(201);
});

test('rules count: so many are spared, so many are hit, and only what they name', async () => {
  const { proxy } = await setUp();
  const answer = (status: number): Fault => ({ kind: 'answer', status });
  const first = proxy.addRule({ method: 'PUT', path: /^\/a\?/, fault: answer(500), skip: 1, times: 2 });
  const second = proxy.addRule({ path: /^\/a/, fault: answer(503), times: Infinity });
  const third = proxy.addRule({ method: 'POST', fault: answer(400) });
  const statuses: number[] = [];
  for (let number = 0; number < 4; number += 1) statuses.push((await put(proxy, '/a?x')).status);
  statuses.push((await put(proxy, '/b')).status);
  expect(statuses).toEqual([503, 500, 500, 503, 201]);
  expect([first.hits(), second.hits(), third.hits()]).toEqual([2, 2, 0]);
  second.remove();
  expect((await put(proxy, '/a?x')).status).toBe(201);
  proxy.clearRules();
  expect((await fetch(proxy.origin, { method: 'POST' })).status).toBe(201);
});

test('a rule may befall a share of the requests', async () => {
  const { proxy } = await setUp();
  const rule = proxy.addRule({ fault: { kind: 'answer', status: 500 }, share: 0.3, times: Infinity });
  for (let number = 0; number < 100; number += 1) await fetch(proxy.origin);
  expect(rule.hits()).toBeGreaterThan(15);
  expect(rule.hits()).toBeLessThan(45);
});

test('an archive that is gone shows as a cut line, and may come back elsewhere', async () => {
  const { proxy, target } = await setUp();
  const gone = await startTarget();
  proxy.setTarget('http://127.0.0.1:1');
  await expect(put(proxy)).rejects.toThrow(CUT);
  expect(proxy.requests()).toMatchObject([{ outcome: 'target gone' }]);
  proxy.setTarget(gone.origin);
  expect((await put(proxy)).status).toBe(201);
  expect([target.arrived.length, gone.arrived.length]).toEqual([0, 1]);
});

test('a client that cuts its request cuts it for the archive', async () => {
  const { proxy, target } = await setUp();
  const sending = httpRequest(proxy.origin, { method: 'PUT', headers: { 'content-length': 100 } });
  sending.on('error', () => undefined);
  sending.write('only this');
  await waitFor('the beginning', () => target.arrived[0]?.body.length === 9);
  sending.destroy();
  await waitFor('the end', () => proxy.requests()[0]?.outcome === 'client gone');
  expect(target.arrived[0]?.complete).toBe(false);
});

test('the lines are kept open as long as the archive keeps them', async () => {
  const archive = await startRailsArchive({ keepAliveMs: 1_000 });
  onTestFinished(() => archive.stop());
  const proxy = await proxyFor({ target: archive.origin });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const portOf = async (): Promise<number | undefined> => {
    const [answer] = (await once(httpRequest(proxy.origin, { agent }).end(), 'response')) as [
      IncomingMessage,
    ];
    const port = answer.socket.localPort;
    await buffer(answer);
    return port;
  };
  const first = await portOf();
  expect(await portOf()).toBe(first);
  await waitFor('the idle line to close', () => Object.keys(agent.freeSockets).length === 0);
  expect(await portOf()).not.toBe(first);
});

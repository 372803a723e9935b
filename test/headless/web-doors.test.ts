import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { enter, knock, openPage, openWeb, PAGE_TEXT, pageOf } from './support/web.ts';

/** A GET that says what no browser lets a page say. */
const get = (
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}> =>
  new Promise((resolve, reject) => {
    const { origin } = new URL(url);
    // The path as it stands: `fetch` would tidy it up.
    request(origin, { path: url.slice(origin.length) || '/', headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    })
      .once('error', reject)
      .end();
  });

describe('the link', () => {
  test('lets one browser in, with a cookie that no script and no other site can use', async () => {
    const { server } = await openWeb();
    const link = server.newLink();
    const first = await get(link);
    expect(first.status).toBe(200);
    expect(String(first.headers['set-cookie'])).toMatch(
      /^ledgerline_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const second = await get(link);
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(second.text).toMatch(/not good any more/);
  });

  test('is no longer good after a while, and not once another was asked for', async () => {
    let now = 0;
    const { server } = await openWeb({ monotonic: () => now });
    const old = server.newLink();
    const link = server.newLink();
    expect((await get(old)).status).toBe(403);
    now = 16 * 60_000;
    expect((await get(link)).status).toBe(403);
    expect((await get(server.newLink())).status).toBe(200);
  });

  test.each(['', '?token=', '?token=x', '?token=a&token=b', '?other=1'])(
    'with the wrong token opens nothing, and does not use it up: /enter%s',
    async (query) => {
      const { server } = await openWeb();
      const link = server.newLink();
      expect((await get(`${new URL(link).origin}/enter${query}`)).status).toBe(403);
      expect((await get(link)).status).toBe(200);
    },
  );
});

describe('who did not come by the link', () => {
  test('gets neither page nor files nor bridge, but is told what to do', async () => {
    const { server } = await openWeb();
    const { origin, cookie } = await enter(server.newLink());
    for (const path of ['/', '/assets/app.js', '/bridge', '/nothing', '/index.html']) {
      const status = path === '/nothing' ? 404 : 401;
      expect(await get(origin + path)).toMatchObject({ status });
      expect(await get(origin + path, { cookie: `${cookie}x` })).toMatchObject({ status });
    }
    expect((await get(origin)).text).toMatch(/needs its link/);
    expect(await knock(`${origin}/bridge`, { origin })).toBe('refused');
    expect(await knock(`${origin}/bridge`, { origin, cookie: `${cookie}x` })).toBe('refused');
    expect(await knock(`${origin}/bridge`, { origin, cookie })).toBe('opened');
  });

  test('gets in with the cookie of another program on this computer no more than without', async () => {
    const [one, other] = [await openWeb(), await openWeb()];
    const { cookie } = await enter(one.server.newLink());
    const { origin } = new URL(other.server.newLink());
    expect((await get(origin, { cookie })).status).toBe(401);
  });
});

describe('the page', () => {
  test('and everything else comes with a policy that lets nothing in from elsewhere', async () => {
    const { server } = await openWeb();
    const { origin, cookie } = await enter(server.newLink());
    const page = await get(origin, { cookie });
    expect(page).toMatchObject({ status: 200, text: PAGE_TEXT });
    expect((await get(`${origin}/assets/app.js`, { cookie })).status).toBe(200);
    for (const path of ['/', '/assets/app.js', '/nothing', '/enter', '/bridge']) {
      const { headers } = await get(origin + path, { cookie });
      expect(headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
    }
  });

  test.each([
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/x',
    '/assets/..\\..\\x',
    '/%00',
  ])('is all that is served: not %s', async (path) => {
    const { server } = await openWeb();
    const { origin, cookie } = await enter(server.newLink());
    const { status } = await get(origin + path, { cookie });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});

describe('another name that leads here', () => {
  test.each([
    'evil.example',
    'evil.example:4747',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'a@127.0.0.1',
  ])('is refused for everything, and uses no link up: Host %j', async (host) => {
    const { server } = await openWeb();
    const { origin, cookie } = await enter(server.newLink());
    const link = server.newLink();
    for (const url of [origin, link, `${origin}/bridge`])
      expect(await get(url, { host, cookie })).toMatchObject({ status: 421 });
    expect(await knock(`${origin}/bridge`, { host, origin: `http://${host}`, cookie })).toBe('refused');
    expect((await get(link)).status).toBe(200);
  });

  test('is served where it is one of this computer', async () => {
    const { server } = await openWeb();
    const { origin, cookie } = await enter(server.newLink());
    const { port } = new URL(origin);
    // Also by another port, as through ssh -L.
    for (const host of [`localhost:${port}`, '[::1]:9000', 'LOCALHOST'])
      expect(await get(origin, { host, cookie })).toMatchObject({ status: 200 });
  });
});

describe('the bridge', () => {
  test.each([undefined, 'null', 'http://evil.example', 'http://127.0.0.1:1', 'https://localhost', 'file://'])(
    'is opened for no page of another origin: %s',
    async (foreign) => {
      const { server } = await openWeb();
      const { origin, cookie } = await enter(server.newLink());
      const named: Record<string, string> = foreign === undefined ? {} : { origin: foreign };
      expect(await knock(`${origin}/bridge`, { cookie, ...named })).toBe('refused');
      expect(await knock(`${origin}/bridge`, { cookie, origin })).toBe('opened');
    },
  );

  test('is closed for who sends what is no message, and stays open for the others', async () => {
    const world = await openWeb();
    const { origin, cookie } = await enter(world.server.newLink());
    const good = await openPage({ origin, cookie });
    const worst: readonly (readonly [string | Uint8Array, number])[] = [
      ['not json', 1007],
      ['[]', 1007],
      ['{"id":"1","call":"state","input":null}', 1007],
      ['{"id":1,"call":"state","input":null,"more":1}', 1007],
      [new Uint8Array([1, 2]), 1007],
      [JSON.stringify({ id: 1, call: 'browse', input: 'x'.repeat(70_000) }), 1009],
    ];
    for (const [text, code] of worst) {
      const bad = await openPage({ origin, cookie });
      bad.send(text);
      expect([text, await bad.closed]).toEqual([text, code]);
    }
    expect(await good.call('browse', null)).toMatchObject({ here: null, trouble: null });
    expect(world.faults).toEqual([]);
  });

  test.each([
    ['nothing', null, 'unknown_call'],
    ['constructor', null, 'unknown_call'],
    ['__proto__', null, 'unknown_call'],
    ['state', {}, 'bad_input'],
    ['browse', '../../etc', 'bad_input'],
    ['browse', '/etc', 'bad_input'],
    ['addLibrary', null, 'bad_input'],
    ['forgetLibrary', '1 OR 1=1', 'bad_input'],
    ['forgetLibrary', 1.5, 'bad_input'],
    ['useArchiveAt', { url: 'http://x', email: 'a' }, 'bad_input'],
    ['useArchiveAt', { url: 'http://x', email: 'a', password: 'b', acceptDuplicates: true }, 'bad_input'],
    ['pause', 'forever', 'bad_input'],
    ['changeSettings', { lineLimit: 1 }, 'bad_input'],
    ['changeSettings', { concurrency: 51 }, 'bad_input'],
    ['changeSettings', { started: true }, 'bad_input'],
    ['changeSettings', { pause: { until: null } }, 'bad_input'],
    ['changeSettings', { archive: { kind: 'here', identity: 'x' } }, 'bad_input'],
    ['changeSettings', { nightWindow: { from: '25:00', to: '06:00' } }, 'bad_input'],
    ['retry', 7, 'bad_input'],
    ['retryTrack', 'all of them', 'bad_input'],
  ])('refuses %s with %j in words, and nothing is changed', async (call, input, code) => {
    const world = await openWeb();
    const page = await pageOf(world);
    const before = await page.call('state', null);
    const answer = await page.ask(call, input);
    expect(answer).toMatchObject({ kind: 'refused', error: { code } });
    expect(JSON.stringify(answer)).not.toMatch(/ {4}at |\.ts:|zod|invalid_/i);
    expect(await page.call('state', null)).toEqual(before);
    expect(world.faults).toEqual([]);
  });
});

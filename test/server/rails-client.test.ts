import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/lib/chromium.mjs';
import { mp3, sha256Of } from './support/audio.ts';
import { startTestArchive } from './support/archive.ts';
import { storedObjects } from './support/look.ts';

const CLIENT = new URL(
  '../../node_modules/@rails/activestorage/app/assets/javascripts/activestorage.esm.js',
  import.meta.url,
);
const PAGE = `<!doctype html><meta charset="utf-8"><script type="module">
import { DirectUpload } from './activestorage.esm.js';
window.upload = (base64, name, url, token) => {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const file = new File([bytes], name, { type: 'audio/mpeg' });
  const headers = { authorization: 'Bearer ' + token };
  return new Promise((resolve) => {
    new DirectUpload(file, url, undefined, headers).create((error, blob) => resolve({ error: error ?? null, blob }));
  });
};
window.record = async (url, token, body) => {
  const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
};
window.ready = true;
</script>`;

interface Page {
  upload(
    base64: string,
    name: string,
    url: string,
    token: string,
  ): Promise<{ error: string | null; blob?: { signed_id: string } }>;
  record(url: string, token: string, body: object): Promise<{ status: number; body: object }>;
  readonly ready?: boolean;
}

const executablePath = findChromium(process.env);

describe.skipIf(executablePath === undefined)("Rails' own JavaScript client, unchanged, in Chromium", () => {
  let pages: Server;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    pages = createServer((request, response) => {
      const isScript = request.url === '/activestorage.esm.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? readFileSync(CLIENT) : PAGE);
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-proxy-server',
      ],
    });
  });
  afterAll(async () => {
    await browser.close();
    pages.close();
  });

  const open = async () => {
    const page = await browser.newPage();
    await page.goto(origin);
    await page.waitForFunction(() => (globalThis as unknown as Page).ready === true);
    return page;
  };

  it('uploads from a page of an origin that is configured, and the song is made', async () => {
    const test = await startTestArchive({ config: { corsOrigins: [origin] } });
    const token = await test.tokenOf('mod@example.com');
    const page = await open();
    const bytes = mp3(300);
    const songs = `${test.archive.url}/api/v1/songs`;
    const uploaded = await page.evaluate(
      ([base64, url, bearer]) => (globalThis as unknown as Page).upload(base64, 'Ein Lied.mp3', url, bearer),
      [bytes.toString('base64'), `${songs}/direct_upload`, token] as const,
    );
    expect(uploaded.error).toBeNull();
    const recorded = await page.evaluate(
      ([url, bearer, id]) =>
        (globalThis as unknown as Page).record(url, bearer, { blob_signed_id: id, filename: 'Ein Lied.mp3' }),
      [`${songs}/create_from_blob`, token, uploaded.blob?.signed_id] as const,
    );
    expect(recorded.status).toBe(201);
    expect(recorded.body).toMatchObject({
      song: { original_filename: 'Ein Lied.mp3', sha256: sha256Of(bytes), byte_size: bytes.length },
    });
    await page.close();
    await test.stop();
  });

  it.each([[[]], [['https://other.example']]])(
    'is refused by the browser where %j is configured',
    async (corsOrigins) => {
      const test = await startTestArchive({ config: { corsOrigins } });
      const token = await test.tokenOf('mod@example.com');
      const page = await open();
      const uploaded = await page.evaluate(
        ([base64, url, bearer]) => (globalThis as unknown as Page).upload(base64, 'a.mp3', url, bearer),
        [mp3().toString('base64'), `${test.archive.url}/api/v1/songs/direct_upload`, token] as const,
      );
      expect(uploaded.error).toMatch(/Status: 0/);
      expect(storedObjects(test.dataDir).size).toBe(0);
      await page.close();
      await test.stop();
    },
  );
});

import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { DesktopDoor } from '../../../shared/ipc.ts';
import type { RunningApp } from '../../electron-double/start.ts';
import { PATHS, TO_MAIN } from '../../electron-double/preload-shim.ts';
import { startArchiveWorld } from '../../kit/archive-world.ts';
import { chromiumPath } from '../../kit/browser.ts';
import { builtApp, callIn, chooseIn, says, seesIn } from '../../kit/desktop.ts';
import { writeSong, writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';

const HOSTILE = `<img src=x onerror="document.title='taken'">`;
const BIDI = 'gpj.\u202Egnos \u2066rotaed\u2069';

/** As a page that was taken over would talk to main, past the preload: only the double leaves a way to do so. */
const rawly = (page: Page, kind: 'send' | 'invoke', channel: string, ...args: readonly unknown[]) =>
  page.evaluate(
    ([name, message]) =>
      (globalThis as unknown as Record<string, (message: unknown) => Promise<{ readonly ok: boolean }>>)[
        name
      ]?.(message),
    [TO_MAIN, { kind, channel, args }] as const,
  );

describe.skipIf(chromiumPath === undefined)('a page that was taken over', () => {
  const start = builtApp();
  const opened = async (): Promise<{ readonly app: RunningApp; readonly page: Page }> => {
    const app = await start(testFolder('data'));
    const page = await app.page();
    await says(page, /Where is your music/);
    return { app, page };
  };

  test('has nothing of Node or Electron, and one door', async () => {
    const { app, page } = await opened();
    expect(
      await page.evaluate(`[typeof require, typeof process, typeof module, typeof Buffer, typeof electron]`),
    ).toEqual(['undefined', 'undefined', 'undefined', 'undefined', 'undefined']);
    expect(await page.evaluate('Object.keys(ledgerline).toSorted()')).toEqual(['ask', 'dropped', 'listen']);
    // The bridge gave copies that are frozen: nobody changes what others get.
    await page.evaluate('try { ledgerline.ask = () => 1 } catch {}');
    expect(await page.evaluate('Object.isFrozen(ledgerline)')).toBe(true);
    expect(app.windows()[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
    });
  });

  test('stays where it is, opens no window, holds no guest and gets no permission', async () => {
    const { app, page } = await opened();
    const { world } = app;
    await page.evaluate(`location.href = 'https://example.org/'`);
    await waitFor('the navigation', () => world.refusedNavigations.includes('https://example.org/'));
    // Chromium itself lets nobody from a page to a file.
    await page.evaluate(`location.href = 'file:///etc/passwd'`);
    await page.evaluate(`void window.open('https://example.org/window')`);
    await waitFor('the window', () => world.refusedWindows.includes('https://example.org/window'));
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('webview'), { src: 'https://example.org/' }))`,
    );
    const guest = { defaultPrevented: false, preventDefault: () => void (guest.defaultPrevented = true) };
    app.windows()[0]?.webContents.emit('will-attach-webview', guest, {}, { src: 'https://example.org/' });
    expect(guest.defaultPrevented).toBe(true);
    for (const permission of ['notifications', 'media', 'clipboard-read', 'fileSystem', 'openExternal']) {
      expect(await app.permissions.asks(permission)).toBe(false);
      expect(app.permissions.has(permission)).toBe(false);
    }
    expect(app.windows()).toHaveLength(1);
    expect(page.url()).toMatch(/bundle\.app\.double\/index\.html/);
    await says(page, /Where is your music/);
  });

  test('reaches no network and no file, and runs nothing that is not the page’s', async () => {
    const { app, page } = await opened();
    const attempts = await page.evaluate(`Promise.all([
      fetch('https://example.org/').then(() => 'reached', () => 'refused'),
      fetch('./index.html').then(() => 'reached', () => 'refused'),
      new Promise((done) => { const image = new Image(); image.onload = () => done('reached'); image.onerror = () => done('refused'); image.src = 'https://example.org/x.png'; }),
      new Promise((done) => { try { const socket = new WebSocket('wss://example.org/'); socket.onopen = () => done('reached'); socket.onerror = () => done('refused'); } catch { done('refused'); } }),
      new Promise((done) => { const script = document.createElement('script'); try { script.src = 'https://example.org/x.js'; } catch { done('refused'); } script.onload = () => done('reached'); script.onerror = () => done('refused'); document.head.append(script); }),
      Promise.resolve().then(() => { document.body.insertAdjacentHTML('beforeend', '<b onclick="1">x</b>'); return 'reached'; }).catch(() => 'refused'),
    ])`);
    expect(attempts).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'refused']);
    // The policy let none of them so far as to be asked for.
    expect(app.world.refusedRequests).toEqual([]);
    const served = async (path: string) => (await app.serve(`app://${path}`, 'GET'))?.status;
    expect(await served('bundle/index.html')).toBe(200);
    for (const path of [
      'bundle/../main/main.js',
      'bundle/%2e%2e/main/main.js',
      'bundle/assets/..%2f..%2fmain/main.js',
      'bundle/assets/%2e%2e%5c..%5cmain.js',
      'bundle/covers/x.webp',
      `bundle/covers/${'0'.repeat(32)}.webp`,
      'bundle/nothing.js',
      'bundle/',
      'elsewhere/index.html',
    ])
      expect([path, await served(path)]).toEqual([path, 404]);
    expect((await app.serve('app://bundle/index.html', 'POST'))?.status).toBe(404);
  });

  test('is not heard by other channels, with other arguments, or from a frame within it', async () => {
    const { app, page } = await opened();
    expect(await rawly(page, 'invoke', 'openFile', '/etc/passwd')).toMatchObject({ ok: false });
    await rawly(page, 'send', 'shell:open', '/etc/passwd');
    await waitFor('the unknown channel', () => app.world.unheard.includes('shell:open'));
    expect(await rawly(page, 'invoke', 'dropped', '/etc')).toMatchObject({ ok: false });
    expect(await rawly(page, 'invoke', 'dropped', ['/etc'], 'more')).toMatchObject({ ok: false });
    // What the contract has, with what is in no reference's form: a path.
    await expect(callIn(page, 'addLibrary', '/etc')).rejects.toThrow(/bad_input/);
    await expect(callIn(page, 'browse', '/etc')).rejects.toThrow(/bad_input/);
    await expect(callIn(page, 'reveal', '/etc/passwd' as never)).rejects.toThrow(/bad_input/);
    expect(await callIn(page, 'addLibrary', 'a-made-up-reference')).toMatchObject({ ok: false });
    expect(await callIn(page, 'browse', null)).toMatchObject({ here: null, folders: [] });

    await page.evaluate(`document.body.append(document.createElement('iframe'))`);
    const frame = await waitFor('the frame', () => page.frames()[1]);
    const fromFrame = await frame.evaluate(
      ([name, message]) =>
        (globalThis as unknown as Record<string, (message: unknown) => Promise<{ readonly ok: boolean }>>)[
          name
        ]?.(message),
      [TO_MAIN, { kind: 'invoke', channel: 'dropped', args: [[testFolder('bait')]] }] as const,
    );
    expect(fromFrame).toMatchObject({
      ok: false,
      message: expect.stringMatching(/does not come from the page/),
    });
    expect(await frame.evaluate('typeof ledgerline')).toBe('undefined');
    expect((await callIn(page, 'state', null)).libraries).toEqual([]);
    expect(app.world.shownInFolder).toEqual([]);
  });

  test('gets no reference for a file, and none for what is not there', async () => {
    const { page } = await opened();
    const folder = testFolder('dropped');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    const paths = { file: join(folder, 'secret.txt'), gone: join(folder, 'gone') };
    await page.evaluate(([name, known]) => Object.assign(globalThis, { [name]: known }), [
      PATHS,
      paths,
    ] as const);
    const refs = await page.evaluate(() => {
      const { ledgerline: door } = globalThis as unknown as { readonly ledgerline: DesktopDoor };
      return door.dropped([new File([], 'file'), new File([], 'gone'), new File([], 'from script')]);
    });
    expect(refs).toEqual([]);
    await expect(
      page.evaluate(() =>
        (globalThis as unknown as { readonly ledgerline: DesktopDoor }).ledgerline.dropped(['/etc']),
      ),
    ).rejects.toThrow(/Not a File/);
  });
});

describe.skipIf(chromiumPath === undefined)('what strangers left in the music', () => {
  const start = builtApp();

  test('names are text, links are not followed, and no secret lies in the data folder', async () => {
    const music = testFolder('music');
    writeSongs(music, 2);
    // Slashes would be folders.
    writeSong(music, `${HOSTILE.replaceAll('/', '')}.mp3`, { title: HOSTILE, seed: 71 });
    writeSong(music, `${BIDI}.mp3`, { title: BIDI, seed: 72 });
    const elsewhere = testFolder('elsewhere');
    writeFileSync(join(elsewhere, 'id_ed25519'), 'PRIVATE');
    symlinkSync(join(elsewhere, 'id_ed25519'), join(music, 'bait.mp3'));
    const world = await startArchiveWorld();
    const account = await world.withPassword();
    if (account.kind !== 'password') throw new Error('An account with a password was asked for');
    const dataFolder = testFolder('data');
    const app = await start(dataFolder);
    const page = await app.page();
    await says(page, /Where is your music/);
    await chooseIn(app, page, music);
    const { email, password } = account;
    await callIn(page, 'useArchiveAt', { url: world.proxy.origin, email, password, keep: true });
    // Held on their way, so that the page shows them.
    const held = world.proxy.addRule({
      method: 'PUT',
      times: 100,
      fault: { kind: 'slow', bytesPerSecond: 4_000 },
    });
    await callIn(page, 'start', null);
    await page.getByText('onerror').first().waitFor();
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(await page.title()).not.toBe('taken');
    held.remove();
    await seesIn(page, 'all is archived', ({ standing }) => standing.archived === 4);
    expect((await callIn(page, 'state', null)).standing.skipped).toBe(1);
    expect(app.world.offences).toEqual([]);
    await app.quit();

    const secrets = [password, 'PRIVATE'];
    const files = readdirSync(dataFolder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(3);
    for (const entry of files) {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      for (const secret of secrets) expect([entry.name, bytes.includes(secret)]).toEqual([entry.name, false]);
      // Tokens of our archive, as they go over the wire.
      expect([entry.name, /"(access|refresh)_token"/.test(bytes.toString('latin1'))]).toEqual([
        entry.name,
        false,
      ]);
    }
    expect(app.world.output.join('')).not.toContain(password);
  }, 90_000);
});

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { installedElectron, whyNoWindow } from '../../scripts/lib/electron.mjs';
import { type Checkout, makeCheckout, run } from './checkout.ts';

const MAIN = `process.stdout.write(JSON.stringify(process.argv.slice(2)) + '\\n');`;
/** Stands in for the bundler: notes that it ran, and writes what the programs are known by. */
const VITE = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
const put = (folder, name) => { mkdirSync(folder, { recursive: true }); writeFileSync(folder + '/' + name, 'built'); };
export const createBuilder = async ({ environments: { client, main, preload } }) => ({
  buildApp: async () => {
    appendFileSync('builds.log', 'desktop\\n');
    put(client.build.outDir, 'index.html');
    put(main.build.outDir, 'main.js');
    put(preload.build.outDir, 'preload.cjs');
  },
});
`;
const VITE_PROGRAM = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
appendFileSync('builds.log', 'page\\n');
const folder = process.argv[process.argv.indexOf('--outDir') + 1];
mkdirSync(folder, { recursive: true });
writeFileSync(folder + '/index.html', 'built');
`;
const SERVED = '; its page is served for your browser instead.\n';
const BUILDING = 'Building the desktop app (once, a few seconds) ...\n';
const BUILDING_PAGE = 'Building the page (once, a few seconds) ...\n';
const FETCHING = 'Fetching Electron for the desktop app (once, a minute at most) ...\n';
const NOT_FETCHED = `The desktop app needs Electron, which could not be fetched${SERVED}`;

describe('where a window can be opened', () => {
  const linux = { platform: 'linux', uid: 1000 };
  test('is told by what the system says', () => {
    expect(whyNoWindow({ ...linux, env: { DISPLAY: ':0' } })).toBeUndefined();
    expect(whyNoWindow({ ...linux, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeUndefined();
    expect(whyNoWindow({ ...linux, env: { DISPLAY: '' } })).toMatch(/no screen/);
    expect(whyNoWindow({ ...linux, env: {} })).toMatch(/no screen/);
    expect(whyNoWindow({ platform: 'win32', uid: undefined, env: {} })).toBeUndefined();
    expect(whyNoWindow({ platform: 'darwin', uid: 501, env: {} })).toBeUndefined();
    expect(whyNoWindow({ platform: 'darwin', uid: 501, env: { SSH_CONNECTION: 'x' } })).toMatch(/no screen/);
  });

  test('root gets the page: Electron would have to be run without its sandbox', () => {
    expect(whyNoWindow({ platform: 'linux', uid: 0, env: { DISPLAY: ':0' } })).toMatch(/as root/);
    // Nothing that is there for programs to read may switch it off.
    for (const name of ['electron.mjs', 'child.mjs'])
      expect(readFileSync(new URL(`../../scripts/lib/${name}`, import.meta.url), 'utf8')).not.toContain(
        'no-sandbox',
      );
  });
});

describe.skipIf(process.platform === 'win32')('npm start without arguments, on a desktop', () => {
  let checkout: Checkout;
  const asRoot = process.getuid?.() === 0;
  const owner = asRoot ? { uid: 65534 } : {};
  const canRun = spawnSync(process.execPath, ['--version'], owner).status === 0;

  const put = (path: string, text: string): string => {
    const whole = join(checkout.root, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text);
    return whole;
  };
  const start = (env: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, [join(checkout.root, 'scripts', 'start.mjs')], {
      cwd: checkout.root,
      env: { ...checkout.env, DISPLAY: ':99', ...env },
      ...owner,
    });
  /** A program that tells how it was started, then does that. */
  const electron = (then: string): string =>
    `#!${process.execPath}
const told = { args: process.argv.slice(2), asNode: process.env.ELECTRON_RUN_AS_NODE, cwd: process.cwd() };
process.stdout.write(JSON.stringify(told) + '\\n');
${then}`;
  const putElectron = (then: string): void => {
    chmodSync(put('node_modules/electron/dist/electron', electron(then)), 0o755);
    put('node_modules/electron/path.txt', 'electron');
  };
  /** Stands in for Electron's installer: notes that it ran. */
  const putInstaller = (then: string): void =>
    void put(
      'node_modules/electron/install.js',
      `const fs = require('node:fs'); fs.appendFileSync('fetches.log', 'x'); ${then}`,
    );
  const log = (name: string): string => {
    const path = join(checkout.root, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const hand = (): void => {
    if (asRoot) spawnSync('chown', ['-R', '65534', checkout.root]);
  };

  beforeEach(async (context) => {
    context.skip(!canRun, 'another account cannot run this Node, and root opens no window');
    checkout = makeCheckout(MAIN);
    await run(process.execPath, [join(checkout.root, 'scripts', 'start.mjs'), 'status'], {
      cwd: checkout.root,
      env: checkout.env,
    }).ended;
    put('node_modules/vite/index.mjs', VITE);
    put('node_modules/vite/bin/vite.js', VITE_PROGRAM);
    put('node_modules/vite/package.json', '{ "type": "module", "exports": "./index.mjs" }');
    put('src-renderer/index.html', 'page');
    return () => checkout.remove();
  });

  test('builds the app once, opens it where the person stands, and ends as it does', async () => {
    putElectron('process.exit(3)');
    hand();
    const first = await start({ ELECTRON_RUN_AS_NODE: '1' }).ended;
    expect(first).toMatchObject({ code: 3, stderr: BUILDING });
    // The editor that started this shell may leave the variable behind: with it Electron would be Node.
    expect(JSON.parse(first.stdout)).toEqual({ args: [checkout.root], cwd: checkout.root });
    expect((await start().ended).stderr).toBe('');
    expect(log('builds.log')).toBe('desktop\n');
    expect(existsSync(join(checkout.root, 'out', 'new'))).toBe(false);
    const later = Date.now() / 1000 + 5;
    utimesSync(put('src-main/main.ts', 'changed'), later, later);
    hand();
    expect((await start().ended).stderr).toBe(BUILDING);
  });

  test('hands a wish to stop on, and does not take it for a crash', async () => {
    putElectron('setInterval(() => undefined, 1000);');
    hand();
    const running = start();
    await running.printed(checkout.root);
    running.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  test('without Electron, fetches it by its own installer and opens the app', async () => {
    putInstaller(`
      fs.mkdirSync('node_modules/electron/dist', { recursive: true });
      fs.writeFileSync('node_modules/electron/dist/electron', ${JSON.stringify(electron(''))}, { mode: 0o755 });
      fs.writeFileSync('node_modules/electron/path.txt', 'electron');`);
    hand();
    expect(await start().ended).toMatchObject({ code: 0, stderr: FETCHING + BUILDING });
    expect((await start().ended).stderr).toBe('');
    expect(log('fetches.log')).toBe('x');
  });

  test('where it cannot be fetched, says so in one line and serves the page; tries again after a day', async () => {
    putInstaller(`console.error('getaddrinfo ENOTFOUND'); process.exit(1);`);
    hand();
    const first = await start().ended;
    expect(first).toEqual({
      code: 0,
      signal: null,
      stdout: '["web"]\n',
      stderr: FETCHING + NOT_FETCHED + BUILDING_PAGE,
    });
    expect((await start().ended).stderr).toBe(NOT_FETCHED);
    expect(log('fetches.log')).toBe('x');
    const note = join(checkout.root, 'node_modules', '.ledgerline-no-electron');
    const yesterday = statSync(note).mtimeMs / 1000 - 24 * 3600 - 60;
    utimesSync(note, yesterday, yesterday);
    expect((await start().ended).stderr).toBe(FETCHING + NOT_FETCHED);
    expect(log('fetches.log')).toBe('xx');
    expect(log('builds.log')).toBe('page\n');
  });

  test('where the packages belong to somebody else and lack it, does not even try', async () => {
    putInstaller('');
    hand();
    chmodSync(join(checkout.root, 'node_modules', 'electron'), 0o555);
    expect((await start().ended).stderr).toBe(NOT_FETCHED + BUILDING_PAGE);
    expect(log('fetches.log')).toBe('');
    chmodSync(join(checkout.root, 'node_modules', 'electron'), 0o755);
  });

  test('where what it builds may not be put, says what to do', async () => {
    putElectron('');
    const out = dirname(put('out/renderer/index.html', 'old'));
    hand();
    chmodSync(dirname(out), 0o555);
    const { code, stderr } = await start().ended;
    chmodSync(dirname(out), 0o755);
    expect(code).toBe(69);
    expect(stderr).toContain(`this account may not write to ${dirname(out)}. Start it once as the owner`);
  });

  test.each([
    ['a library is missing', 'process.exit(127)'],
    ['its sandbox is refused by the system', `process.kill(process.pid, 'SIGTRAP')`],
  ])('where Electron does not run because %s, says so and serves the page', async (_, then) => {
    putElectron(then);
    hand();
    const { code, stdout, stderr } = await start().ended;
    expect(code).toBe(0);
    expect(stdout.split('\n')[1]).toBe('["web"]');
    expect(stderr).toBe(`${BUILDING}Electron does not run on this computer${SERVED}`);
  });

  test('where Electron may not be run, says so and serves the page', async () => {
    putElectron('');
    chmodSync(join(checkout.root, 'node_modules/electron/dist/electron'), 0o644);
    hand();
    const { stdout, stderr } = await start().ended;
    expect(stdout).toBe('["web"]\n');
    expect(stderr).toMatch(/Electron does not run on this computer \(EACCES\); its page is served/);
  });

  test('half an Electron is none', () => {
    putElectron('');
    expect(installedElectron(checkout.root, {})).toBe(
      join(checkout.root, 'node_modules/electron/dist/electron'),
    );
    rmSync(join(checkout.root, 'node_modules/electron/path.txt'));
    expect(installedElectron(checkout.root, {})).toBeUndefined();
  });
});

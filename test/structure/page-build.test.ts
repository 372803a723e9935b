import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PAGE } from '../../scripts/lib/build.mjs';
import { testFolder } from '../kit/test-folder.ts';
import { type Checkout, makeCheckout, run } from './checkout.ts';
import { ROOT } from './tracked.ts';

const MAIN = `process.stdout.write(JSON.stringify(process.argv.slice(2)) + '\\n');`;
/** Stands in for the bundler: notes that it ran, and does what the source says. */
const VITE = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
appendFileSync('builds.log', 'built\\n');
const folder = process.argv[process.argv.indexOf('--outDir') + 1];
const source = readFileSync('src-renderer/index.html', 'utf8');
mkdirSync(folder, { recursive: true });
if (source.includes('elsewhere')) process.exit(0);
if (source.includes('broken')) { console.error('this is broken'); process.exit(1); }
writeFileSync(folder + '/index.html', source);
`;
const BUILDING = 'Building the page (once, a few seconds) ...\n';
const NO_DESKTOP =
  'There is no screen here for the desktop app; its page is served for your browser instead.\n';

describe('the page', () => {
  let checkout: Checkout;
  beforeEach(async () => {
    checkout = makeCheckout(MAIN);
    // Installs, which would take away what is put there now.
    await start('status').ended;
    const put = (path: string, text: string): void => {
      mkdirSync(join(checkout.root, path, '..'), { recursive: true });
      writeFileSync(join(checkout.root, path), text);
    };
    put('node_modules/vite/bin/vite.js', VITE);
    put('node_modules/vite/package.json', '{ "type": "module" }');
    put('src-renderer/index.html', 'first');
  });
  afterEach(() => checkout.remove());

  const start = (...args: readonly string[]) =>
    run(process.execPath, [join(checkout.root, 'scripts', 'start.mjs'), ...args], {
      cwd: checkout.root,
      env: checkout.env,
    });
  const builds = (): number => {
    const log = join(checkout.root, 'builds.log');
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0;
  };
  const page = (): string => readFileSync(join(checkout.root, 'out', 'renderer', 'index.html'), 'utf8');
  const change = (text: string): void => {
    const path = join(checkout.root, 'src-renderer', 'index.html');
    writeFileSync(path, text);
    // Some disks know no parts of a second.
    const later = Date.now() / 1000 + 5;
    utimesSync(path, later, later);
  };

  test('is built and served by a start without arguments, which says why; the next start builds nothing', async () => {
    const first = await start().ended;
    expect(first).toMatchObject({ code: 0, stdout: '["web"]\n' });
    expect(first.stderr).toBe(NO_DESKTOP + BUILDING);
    expect(page()).toBe('first');
    expect((await start().ended).stderr).toBe(NO_DESKTOP);
    expect((await start('web', '--port', '0').ended).stderr).toBe('');
    expect(builds()).toBe(1);
  });

  test.each([['status'], ['web', '--help'], ['--help'], ['help', 'web']])(
    'is not built where it is not served: %s %s',
    async (...args) => {
      const { code, stderr } = await start(...args.filter((word) => word !== undefined)).ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(builds()).toBe(0);
    },
  );

  test('is built anew when a source changed or what was built is gone', async () => {
    await start('web').ended;
    change('second');
    expect((await start('web').ended).stderr).toBe(BUILDING);
    expect(page()).toBe('second');
    rmSync(join(checkout.root, 'out'), { recursive: true });
    await start('web').ended;
    expect(page()).toBe('second');
  });

  test('that cannot be built ends the start with what the build says, and leaves the old one', async () => {
    await start('web').ended;
    change('broken');
    const { code, stdout, stderr } = await start('web').ended;
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr).toContain('could not build its page');
    expect(stderr).toContain('this is broken');
    expect(page()).toBe('first');
    change('mended');
    expect((await start('web').ended).code).toBe(0);
    expect(page()).toBe('mended');
  });

  test('whose build ends well and is not where it was to be ends the start, and leaves the old one', async () => {
    await start('web').ended;
    change('elsewhere');
    const { code, stderr } = await start('web').ended;
    expect(code).toBe(69);
    expect(stderr).toContain('could not build its page');
    expect(page()).toBe('first');
  });

  test('two starts at once build it once, and both go on', async () => {
    const ended = await Promise.all([start().ended, start().ended]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(builds()).toBe(1);
  });
});

test('the bundler itself builds the page into the folder that the start names', () => {
  const folder = testFolder('page');
  const built = spawnSync(process.execPath, PAGE.command(ROOT, folder), { cwd: ROOT, encoding: 'utf8' });
  expect({ status: built.status, said: built.stderr }).toMatchObject({ status: 0 });
  expect(readFileSync(join(folder, 'renderer', 'index.html'), 'utf8')).toContain('<script');
});

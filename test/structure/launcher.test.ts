import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { versionOf } from '../../scripts/lib/find-node.mjs';
import { type Checkout, type Running, makeCheckout, run } from './checkout.ts';

/** Tells what reached it, then does what its first argument says. */
const MAIN = `
const [order, value] = process.argv.slice(2) as readonly string[];
const told = { args: process.argv.slice(2), cwd: process.cwd(), version: process.version };
process.stdout.write(JSON.stringify(told) + '\\n');
if (order === 'exit') process.exitCode = Number(value);
if (order === 'die') process.kill(process.pid, value);
if (order === 'wait') {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      process.stdout.write('got ' + signal + '\\n');
      setTimeout(() => process.exit(7), 50);
    });
  setInterval(() => undefined, 1000);
  process.stdout.write('ready\\n');
}
`;

interface Told {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly version: string;
}

describe('the launcher', () => {
  let checkout: Checkout;
  beforeEach(() => {
    checkout = makeCheckout(MAIN);
  });
  afterEach(() => checkout.remove());

  const start = (
    args: readonly string[],
    {
      env = {},
      cwd = checkout.root,
      node = process.execPath,
      script = join(checkout.root, 'scripts', 'start.mjs'),
    } = {},
  ): Running => run(node, [script, ...args], { cwd, env: { ...checkout.env, ...env } });
  const told = (stdout: string): Told => JSON.parse(stdout.split('\n')[0] ?? '') as Told;
  const install = async () => (await start(['exit', '0']).ended).code;

  test('on the first start installs, says so on stderr, and leaves stdout to the program', async () => {
    const { code, stdout, stderr } = await start(['exit', '0']).ended;
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(told(stdout).args).toEqual(['exit', '0']);
    expect(stderr).toBe('Installing what Ledgerline needs (once, about a minute) ...\n');
    expect(checkout.npmCalls().map(({ command }) => command)).toEqual(['ci']);
  });

  test('on later starts calls no npm and says nothing', async () => {
    await install();
    const { code, stderr } = await start(['exit', '0']).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(checkout.npmCalls()).toHaveLength(1);
  });

  test('installs again when the lockfile has changed', async () => {
    await install();
    const path = join(checkout.root, 'package-lock.json');
    const lock = readFileSync(path, 'utf8');
    writeFileSync(path, lock.replace(/(?<="node_modules\/fastify": \{\s*"version": ")/, '1'));
    expect(await install()).toBe(0);
    expect(checkout.npmCalls()).toHaveLength(2);
  });

  test('passes arguments as they are, also odd ones', async () => {
    const odd = ['exit', '0', '', 'a b', '--json', '--', '$HOME', '"', 'é', '*'];
    const { stdout } = await start(odd).ended;
    expect(told(stdout).args).toEqual(odd);
  });

  test.each([0, 1, 4, 130])('ends with exit code %i when the program does', async (wanted) => {
    expect((await start(['exit', String(wanted)]).ended).code).toBe(wanted);
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)('dies of %s when the program does', async (signal) => {
    expect(await start(['die', signal]).ended).toMatchObject({ code: null, signal });
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'hands %s on and waits for the program',
    async (signal) => {
      const running = start(['wait']);
      await running.printed('ready');
      running.kill(signal);
      const { code, stdout } = await running.ended;
      expect(code).toBe(7);
      expect(stdout).toContain(`got ${signal}`);
    },
  );

  test('stopped while npm installs: ends by that signal, never starts the program, leaves no lock', async () => {
    const running = start(['exit', '0'], { env: { FAKE_NPM: '{"ms":600000}' } });
    while (!existsSync(join(checkout.root, 'npm-calls.log')))
      await new Promise((done) => setTimeout(done, 20));
    running.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ signal: 'SIGTERM', stdout: '' });
    expect(existsSync(join(checkout.root, '.install-lock'))).toBe(false);
    expect(await install()).toBe(0);
  });

  test('when npm fails: shows what npm said, ends with 69, and tries again next time', async () => {
    const { code, stdout, stderr } = await start(['exit', '0'], { env: { FAKE_NPM: '{"ci":3}' } }).ended;
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr).toContain('could not install');
    expect(stderr).toContain('npm says something on stderr');
    expect(await install()).toBe(0);
  });

  test('in a folder of somebody else, with packages missing: says whom to ask, and npm is not called', async (context) => {
    const asRoot = process.getuid?.() === 0;
    const other = asRoot ? { uid: 65534 } : {};
    const runs = spawnSync(process.execPath, ['--version'], other).status === 0;
    context.skip(!runs, 'another account cannot run this Node');
    chmodSync(checkout.root, asRoot ? 0o755 : 0o555);
    const script = join(checkout.root, 'scripts', 'start.mjs');
    const running = run(process.execPath, [script, 'exit', '0'], { cwd: '/', env: checkout.env, ...other });
    const { code, stdout, stderr } = await running.ended;
    chmodSync(checkout.root, 0o755);
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr).toContain(`may not write to ${checkout.root}`);
    expect(existsSync(join(checkout.root, 'npm-calls.log'))).toBe(false);
  });

  test('two first starts at once install once, and both go on', async () => {
    const both = [1, 2].map(() => start(['exit', '0'], { env: { FAKE_NPM: '{"ms":500}' } }).ended);
    const ended = await Promise.all(both);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(checkout.npmCalls()).toHaveLength(1);
  });

  test('the program stands where the person stands', async () => {
    const folder = join(checkout.root, 'a folder');
    mkdirSync(folder);
    expect(told((await start(['exit', '0'], { cwd: folder }).ended).stdout).cwd).toBe(folder);
    const npmStart = { npm_package_json: join(checkout.root, 'package.json'), INIT_CWD: folder };
    expect(told((await start(['exit', '0'], { env: npmStart }).ended).stdout).cwd).toBe(folder);
  });

  test('works through a symbolic link, as npm link makes one', async (context) => {
    context.skip(process.platform === 'win32', 'Windows makes a script there, no link');
    const link = join(checkout.root, 'fake', 'ledgerline');
    symlinkSync(join(checkout.root, 'scripts', 'start.mjs'), link);
    const running = run(link, ['exit', '5'], { cwd: checkout.root, env: checkout.env });
    expect((await running.ended).code).toBe(5);
  });

  test('started by an older Node, goes on under one that fits', async (context) => {
    const nodes = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
    const older = nodes.find((path) => /^v2[01]\./.test(versionOf(path) ?? ''));
    if (older === undefined) return context.skip('no Node 20 or 21 on PATH');
    const { code, stdout } = await start(['exit', '4'], { node: older }).ended;
    expect(code).toBe(4);
    expect(told(stdout).version).toBe(process.version);
  });

  test('with no Node that fits, says in one line what to install', async () => {
    await install();
    const path = join(checkout.root, 'package.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"node": "[^"]*",/, '"node": ">=99.0.0",'));
    const { code, stdout, stderr } = await start(['exit', '0']).ended;
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('needs Node >=99.0.0');
  });
});

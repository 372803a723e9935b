import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runStep } from '../../scripts/lib/step.mjs';
import { closingLines, sum, tallyStep, tallySuites } from '../../scripts/lib/tally.mjs';
import { type Checkout, type Ended, makeCheckout, run } from './checkout.ts';

const good = { code: 0, signal: null, timedOut: false };
const bad = { code: 1, signal: null, timedOut: false };
const log = (...events: readonly object[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');
const passed = { kind: 'test', name: 'a', state: 'passed' };
const failed = { kind: 'test', name: 'b', state: 'failed' };
const end = { kind: 'end', errors: 0 };
const lastLine = ({ stdout }: Ended): string => stdout.trimEnd().split('\n').at(-1) ?? '';

describe('counting', () => {
  test('each test is one', () => {
    expect(tallySuites(log(passed, passed, failed, end), bad)).toMatchObject({ passed: 2, failed: 1 });
    expect(tallySuites(log(passed, passed, end), good)).toMatchObject({ passed: 2, failed: 0 });
  });

  test('a skipped test is neither, and keeps its reason', () => {
    const skip = { kind: 'test', name: 'c', state: 'skipped', note: 'no Chromium' };
    const { skipped, ...counts } = tallySuites(log(passed, skip, { ...skip, note: undefined }, end), good);
    expect(counts).toMatchObject({ passed: 1, failed: 0 });
    expect(skipped).toEqual([
      { name: 'c', reason: 'no Chromium' },
      { name: 'c', reason: 'no reason given' },
    ]);
  });

  test.each([
    ['a crash', log(passed), { ...good, code: null, signal: 'SIGSEGV' }],
    ['a run that ends early with code 0', log(passed), good],
    ['a line that a crash cut short', `${log(passed)}{"kind":"te`, bad],
    ['a time-out', log(passed), { ...good, code: null, signal: 'SIGTERM', timedOut: true }],
    ['a file that does not load', log(passed, { kind: 'broken', name: 'x.test.ts' }, end), bad],
    ['an error outside of any test', log(passed, { kind: 'end', errors: 1 }), bad],
    ['an exit code that no test explains', log(passed, end), bad],
  ])('%s is one failed beside the passed one', (_what, text, ending) => {
    expect(tallySuites(text, ending)).toMatchObject({ passed: 1, failed: 1 });
  });

  test('nothing run at all is failed, also with code 0', () => {
    expect(tallySuites(log(end), good)).toMatchObject({ passed: 0, failed: 1 });
    expect(tallySuites('', bad).failed).toBeGreaterThan(0);
    const onlySkipped = log({ kind: 'test', name: 'c', state: 'skipped' }, end);
    expect(tallySuites(onlySkipped, good)).toMatchObject({ passed: 0, failed: 1 });
  });

  test('a check is one passed or one failed', () => {
    expect(tallyStep('lint', good)).toMatchObject({ passed: 1, failed: 0 });
    expect(tallyStep('lint', bad)).toMatchObject({ passed: 0, failed: 1 });
    expect(tallyStep('lint', { ...good, timedOut: true })).toMatchObject({ passed: 0, failed: 1 });
  });

  test('the closing line stands alone at the end, after what was skipped', () => {
    const skipped = [{ name: 'x', reason: 'why' }];
    const all = sum([
      tallyStep('a', good),
      tallyStep('b', bad),
      { passed: 0, failed: 0, skipped, remarks: [] },
    ]);
    expect(closingLines(all)).toEqual([
      'b: ended with code 1',
      'skipped: x: why',
      '1 passed, 1 failed, 1 skipped',
    ]);
    expect(closingLines(tallyStep('a', good))).toEqual(['1 passed, 0 failed']);
  });
});

describe('a step', () => {
  test('that takes too long is ended with all it started', async (context) => {
    context.skip(process.platform === 'win32', 'Windows has no process groups');
    const args = ['-c', 'sleep 600 & echo $! > pid; wait'];
    const checkout = makeCheckout('');
    const step = { command: 'sh', args, cwd: checkout.root, limitMs: 1500 };
    expect(await runStep(step, new AbortController().signal)).toMatchObject({ timedOut: true });
    const pid = Number(readFileSync(join(checkout.root, 'pid'), 'utf8'));
    checkout.remove();
    expect(isAlive(pid)).toBe(false);
  });

  test('that cannot be started is failed', async () => {
    const step = { command: '/nowhere/at-all', args: [], cwd: '.', limitMs: 5000 };
    expect(await runStep(step, new AbortController().signal)).toMatchObject({ code: 127 });
  });
});

/** A process that is only waiting to be reaped does nothing any more. */
const isAlive = (pid: number): boolean => {
  const stat = `/proc/${pid}/stat`;
  if (existsSync('/proc/self/stat')) return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
  try {
    execFileSync('ps', ['-p', String(pid)]);
    return true;
  } catch {
    return false;
  }
};

describe('npm test', () => {
  let checkout: Checkout;
  beforeEach(() => {
    checkout = makeCheckout('');
  });
  afterEach(() => checkout.remove());
  const suite = log(passed, passed, end);
  const start = (orders: object, env: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, [join(checkout.root, 'scripts', 'test.mjs')], {
      cwd: checkout.root,
      env: { ...checkout.env, FAKE_NPM: JSON.stringify(orders), ...env },
    });
  const scriptsRun = (): readonly (string | undefined)[] => checkout.npmCalls().map(({ rest }) => rest[1]);

  test('counts every check and every test', async () => {
    const ended = await start({ suite }).ended;
    expect(lastLine(ended)).toBe('6 passed, 0 failed');
    expect(ended.code).toBe(0);
  });

  test('a page that cannot be built is one failed', async () => {
    expect(lastLine(await start({ suite, run: { build: 1 } }).ended)).toBe('5 passed, 1 failed');
  });

  test('goes on after a check that failed or crashed', async () => {
    const ended = await start({ suite, run: { 'format:check': 1, lint: 'SIGKILL' } }).ended;
    expect(lastLine(ended)).toBe('4 passed, 2 failed');
    expect(ended.code).toBe(1);
    expect(scriptsRun().slice(1)).toEqual(['format:check', 'lint', 'types', 'build', 'test:suite']);
  });

  test('a suite that crashes midway loses no count', async () => {
    const ended = await start({ suite: log(passed), run: { 'test:suite': 'SIGKILL' } }).ended;
    expect(lastLine(ended)).toBe('5 passed, 1 failed');
    expect(ended.code).toBe(1);
  });

  test('a suite without a single test is failed', async () => {
    expect(lastLine(await start({ suite: log(end) }).ended)).toBe('4 passed, 1 failed');
  });

  test('packages that cannot be installed: one failed, and npm is heard', async () => {
    const ended = await start({ ci: 1 }).ended;
    expect(lastLine(ended)).toBe('0 passed, 1 failed');
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('npm says something on stderr');
  });

  test('without Chromium: says what is skipped and why', async () => {
    const ended = await start({ suite }, { CHROMIUM_PATH: '/nowhere/chromium' }).ended;
    expect(ended.stdout).toContain('skipped: tests in Chromium: CHROMIUM_PATH names /nowhere/chromium');
    expect(lastLine(ended)).toBe('6 passed, 0 failed, 1 skipped');
    expect(ended.code).toBe(0);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'stopped by %s still closes, and not with success',
    async (signal) => {
      const running = start({ suite: log(passed), hang: 'test:suite' });
      await running.printed('hanging');
      running.kill(signal);
      const ended = await running.ended;
      expect(lastLine(ended)).toBe('5 passed, 2 failed');
      expect(ended.stdout).toContain(`stopped by ${signal}`);
      expect(ended.code).toBe(1);
    },
  );
});

describe('.ci/run', () => {
  let checkout: Checkout;
  beforeEach((context) => {
    context.skip(process.platform === 'win32', 'Windows has no bash');
    checkout = makeCheckout('');
  });
  afterEach(() => checkout.remove());

  /** A PATH with what the script needs and, unless `npm` is undefined, an npm of that text. */
  const start = (npm: string | undefined) => {
    const bin = join(checkout.root, 'bin');
    mkdirSync(bin);
    for (const name of ['bash', 'dirname', 'mktemp', 'mkfifo', 'rm', 'tee', 'grep', 'tail', 'sed', 'sleep'])
      symlinkSync(whereIs(name), join(bin, name));
    if (npm !== undefined) {
      writeFileSync(join(bin, 'npm'), `#!${whereIs('bash')}\n${npm}\n`);
      chmodSync(join(bin, 'npm'), 0o755);
    }
    return run(join(checkout.root, '.ci', 'run'), [], { cwd: '/', env: { PATH: bin, CI: 'true' } });
  };

  test('ends with the line that npm test closed with', async () => {
    const ended = await start('pwd; echo "$@"; echo "12 passed, 0 failed, 1 skipped"').ended;
    expect(lastLine(ended)).toBe('12 passed, 0 failed, 1 skipped');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain(`${checkout.root}\ntest\n`);
  });

  test('says it once more when npm prints after it', async () => {
    const ended = await start('echo "3 passed, 2 failed"; echo "npm error" >&2; exit 1').ended;
    expect(lastLine(ended)).toBe('3 passed, 2 failed');
    expect(ended.code).toBe(1);
  });

  test('is not fooled by a failing count with exit code 0, nor by the reverse', async () => {
    expect((await start('echo "3 passed, 2 failed"').ended).code).toBe(1);
    checkout.remove();
    checkout = makeCheckout('');
    const ended = await start('echo "3 passed, 0 failed"; exit 9').ended;
    expect(lastLine(ended)).toBe('3 passed, 1 failed');
    expect(ended.code).toBe(1);
  });

  test.each([
    ['crashes without a word', 'exit 7'],
    ['is killed', 'echo working; kill -9 $$'],
    ['ends well without counting', 'echo done'],
    ['is not there', undefined],
  ])('counts one failed when npm %s', async (_what, npm) => {
    const ended = await start(npm).ended;
    expect(lastLine(ended)).toBe('0 passed, 1 failed');
    expect(ended.code).toBe(1);
  });

  test('asked to stop, lets npm close and ends with its line', async () => {
    const running = start(
      `trap 'kill $!; echo "1 passed, 2 failed"; exit 1' TERM; echo started; sleep 600 & wait`,
    );
    await running.printed('started');
    running.kill('SIGTERM');
    const ended = await running.ended;
    expect(lastLine(ended)).toBe('1 passed, 2 failed');
    expect(ended.code).toBe(1);
  });

  test('does not wait for what npm left running', async () => {
    const running = start('sleep 600 & echo $! > left; echo "1 passed, 0 failed"');
    expect(await running.exited).toBe(0);
    const left = Number(readFileSync(join(checkout.root, 'left'), 'utf8'));
    expect(isAlive(left)).toBe(true);
    process.kill(left, 'SIGKILL');
    expect(lastLine(await running.ended)).toBe('1 passed, 0 failed');
  });
});

const whereIs = (name: string): string => {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not on PATH.`);
  return found;
};

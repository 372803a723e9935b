import { mkdirSync, readFileSync, rmdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { crashPoints } from '../../src-main/shell/crash-points.ts';
import { dataFolder } from '../../src-main/shell/data-folder.ts';
import { serverCommand } from '../../src-main/headless/commands/server.ts';
import { testFolder } from '../kit/test-folder.ts';
import { waitFor } from '../kit/wait-for.ts';
import { mp3 } from './support/audio.ts';
import { createClient } from './support/client.ts';
import { storedObjects } from './support/look.ts';
import { sessionSchema } from '../../shared/api/auth.ts';

const PASSWORD = 'a long enough sentence';

interface Ran {
  readonly code: Promise<number>;
  out(): string;
  err(): string;
  signal(): void;
}

const run = (argv: readonly string[], env: Record<string, string> = {}, input = ''): Ran => {
  let out = '';
  let err = '';
  let listener: (signal: 'SIGINT' | 'SIGTERM') => void = () => undefined;
  const code = serverCommand(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    stdin: Readable.from([input]),
    env,
    onSignal: (added) => {
      listener = added;
      return () => undefined;
    },
  });
  return { code, out: () => out, err: () => err, signal: () => listener('SIGTERM') };
};

const startServer = async (dir: string, env: Record<string, string> = {}, more: readonly string[] = []) => {
  const server = run(['--port', '0', '--data-dir', dir, ...more], env);
  const url = await waitFor('the address', () => /archive is at (\S+)/.exec(server.out())?.[1]);
  return { ...server, url };
};

const signIn = async (url: string, email: string, password: string): Promise<number> =>
  (await createClient(url).post('/api/v1/auth/login', { email, password })).status;

describe('ledgerline server', () => {
  it('makes an admin at its first start and shows the password once', async () => {
    const dir = join(testFolder(), 'new', 'archive');
    const first = await startServer(dir);
    const password = /password is (\S+) /.exec(first.out())?.[1] ?? '';
    expect(await signIn(first.url, 'admin@ledgerline.local', password)).toBe(200);
    first.signal();
    expect(await first.code).toBe(0);
    expect(readFileSync(join(dir, 'archive.log'), 'utf8')).not.toContain(password);
    expect(statSync(join(dir, 'archive.log')).mode & 0o077).toBe(0);

    const second = await startServer(dir);
    expect(second.out()).not.toContain('password');
    expect(await signIn(second.url, 'admin@ledgerline.local', password)).toBe(200);
    second.signal();
    expect(await second.code).toBe(0);
  });

  it('takes the first admin from the environment', async () => {
    const dir = testFolder();
    const env = { LEDGERLINE_ADMIN_EMAIL: 'me@example.com', LEDGERLINE_ADMIN_PASSWORD: PASSWORD };
    const server = await startServer(dir, env);
    expect(server.out()).not.toContain(PASSWORD);
    expect(await signIn(server.url, 'me@example.com', PASSWORD)).toBe(200);
    server.signal();
    expect(await server.code).toBe(0);
  });

  it('tells callers apart by X-Forwarded-For only when their proxy is trusted', async () => {
    for (const trusted of [true, false]) {
      const dir = testFolder();
      const server = await startServer(
        dir,
        { LEDGERLINE_ADMIN_PASSWORD: PASSWORD },
        trusted ? ['--trust-proxy', '10.0.0.0/8, 127.0.0.1'] : [],
      );
      const login = async (password: string, address: string): Promise<number> => {
        const answer = await fetch(`${server.url}/api/v1/auth/login`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-forwarded-for': `${address}, 10.1.2.3` },
          body: JSON.stringify({ email: 'admin@ledgerline.local', password }),
        });
        return answer.status;
      };
      for (let i = 0; i < 7; i += 1) await login('wrong', '198.51.100.7');
      expect(await login(PASSWORD, '198.51.100.7')).toBe(429);
      expect(await login(PASSWORD, '203.0.113.9')).toBe(trusted ? 200 : 429);
      server.signal();
      expect(await server.code).toBe(0);
    }
  });

  it('manages accounts beside a running archive, at once', async () => {
    const dir = testFolder();
    const server = await startServer(dir);
    const at = ['--data-dir', dir];
    const add = run(['user', 'add', 'm@example.com', '--role', 'moderator', ...at], {}, `${PASSWORD}\n`);
    expect(await add.code).toBe(0);
    const { body } = await createClient(server.url).post('/api/v1/auth/login', {
      email: 'm@example.com',
      password: PASSWORD,
    });
    const client = createClient(server.url, sessionSchema.parse(body).api_token);
    await client.upload(mp3());
    const list = run(['user', 'list', ...at]);
    expect(await list.code).toBe(0);
    expect(list.out()).toMatch(/m@example.com +moderator/);
    expect(list.out()).toContain(`Accounts of the archive in ${dir}:`);

    expect(await run(['user', 'role', 'm@example.com', 'member', ...at]).code).toBe(0);
    expect((await client.get('/api/v1/songs')).status).toBe(403);
    expect(
      await run(['user', 'password', 'm@example.com', ...at], { LEDGERLINE_PASSWORD: `${PASSWORD}!` }).code,
    ).toBe(0);
    expect((await client.get('/api/v1/songs')).status).toBe(401);
    expect(await signIn(server.url, 'm@example.com', `${PASSWORD}!`)).toBe(200);

    const kept = run(['user', 'remove', 'm@example.com', ...at]);
    expect([await kept.code, kept.err()]).toEqual([2, expect.stringContaining('has 1 song')]);
    const last = run(['user', 'remove', 'admin@ledgerline.local', ...at]);
    expect([await last.code, last.err()]).toEqual([2, expect.stringContaining('only admin')]);
    expect(await run(['user', 'add', 'x@example.com', ...at], {}, `${PASSWORD}\n`).code).toBe(0);
    const removed = run(['user', 'remove', 'x@example.com', ...at]);
    expect([await removed.code, removed.out()]).toEqual([
      0,
      'Removed the account x@example.com. It is signed out everywhere.\n',
    ]);
    expect(await signIn(server.url, 'x@example.com', PASSWORD)).toBe(401);

    const weak = run(['user', 'add', 'w@example.com', ...at], {}, 'short\n');
    expect([await weak.code, weak.err()]).toEqual([2, expect.stringContaining('12 to 256')]);
    const twice = run(['user', 'add', 'm@example.com', ...at], {}, `${PASSWORD}\n`);
    expect([await twice.code, twice.err()]).toEqual([2, expect.stringContaining('already')]);

    const clean = run(['clean', '--older-than', '0', ...at]);
    expect([await clean.code, clean.out()]).toEqual([0, expect.stringContaining('removed 0 unused')]);
    const verify = run(['verify', '--read-bytes', ...at]);
    expect([await verify.code, verify.out()]).toEqual([0, `In ${dir}: 1 song, 0 damaged.\n`]);
    const quick = run(['verify', ...at]);
    expect([await quick.code, quick.out()]).toEqual([
      0,
      `In ${dir}: 1 song, 0 damaged.\nOnly sizes were compared; --read-bytes reads every byte.\n`,
    ]);

    const [path = ''] = Array.from(storedObjects(dir).keys(), (key) =>
      join(dir, 'objects', key.slice(0, 2), key),
    );
    unlinkSync(path);
    mkdirSync(path);
    const dark = run(['verify', ...at]);
    expect([await dark.code, dark.out()]).toEqual([
      1,
      expect.stringMatching(
        /^song 1 \(song.mp3\): its file cannot be read\nIn .*: 1 song, 0 damaged, 1 not readable\./,
      ),
    ]);
    expect(dark.out()).not.toContain('quarantine');
    expect(readFileSync(join(dir, 'archive.log'), 'utf8')).toMatch(/object_unreadable.*EISDIR/);

    rmdirSync(path);
    writeFileSync(path, 'x');
    const aside = join(dir, 'quarantine');
    writeFileSync(aside, 'There is a file where the folder should be.');
    const stuck = run(['verify', ...at]);
    expect([await stuck.code, stuck.out()]).toEqual([
      1,
      expect.stringMatching(
        /^song 1 \(song.mp3\): its file has the wrong size, and could not be put aside\nIn \S+: 1 song, 1 damaged\./,
      ),
    ]);
    expect(stuck.out()).toContain('then run this again');
    expect(stuck.out()).not.toContain('sends them again');
    expect(readFileSync(join(dir, 'archive.log'), 'utf8')).toMatch(/object_stuck.*E(EXIST|NOTDIR)/);
    unlinkSync(aside);
    const freed = run(['verify', ...at]);
    expect([await freed.code, freed.out()]).toEqual([1, expect.stringContaining(`kept in ${aside}`)]);

    const second = run(['--port', '0', ...at]);
    expect([await second.code, second.err()]).toEqual([1, expect.stringContaining('running already')]);
    const port = new URL(server.url).port;
    const other = run(['--port', port, '--data-dir', testFolder()]);
    expect([await other.code, other.err()]).toEqual([1, expect.stringContaining('--port')]);
    server.signal();
    expect(await server.code).toBe(0);
  });

  it.each([
    [['--port', 'x'], /not a port/],
    [['--port', '70000'], /port/],
    [['--nonsense'], /nonsense/],
    [['fly'], /no command/],
    [['--trust-proxy', '127.0.0.1,somebody'], /somebody is neither an IP address/],
    [['user', 'add'], /EMAIL/],
    [['user', 'remove'], /EMAIL/],
    [['user', 'role', 'a@b.de', 'king'], /not a role/],
    [['user', 'list'], /no archive/],
    [['clean', '--older-than', 'x'], /hours/],
  ])('says what is wrong with %j', async (argv, words) => {
    const ran = run([...argv, '--data-dir', join(testFolder(), 'none')]);
    expect([await ran.code, ran.err()]).toEqual([2, expect.stringMatching(words)]);
  });

  it('explains itself', async () => {
    const help = run(['--help']);
    expect([await help.code, help.out()]).toEqual([0, expect.stringContaining('ledgerline server user add')]);
  });
});

describe('the data folder', () => {
  it('is where each system keeps such things, or where the environment says', () => {
    expect(dataFolder({}, 'linux', '/h/ann')).toBe('/h/ann/.local/share/ledgerline');
    expect(dataFolder({ XDG_DATA_HOME: '/d' }, 'linux', '/h/ann')).toBe('/d/ledgerline');
    expect(dataFolder({ XDG_DATA_HOME: 'd' }, 'linux', '/h/ann')).toBe('/h/ann/.local/share/ledgerline');
    expect(dataFolder({}, 'darwin', '/h/ann')).toBe('/h/ann/Library/Application Support/ledgerline');
    expect(dataFolder({ APPDATA: 'C:\\R' }, 'win32', 'C:\\a')).toBe('C:\\R\\ledgerline');
    expect(dataFolder({ LEDGERLINE_DATA: '/x' }, 'darwin', '/h/ann')).toBe('/x');
  });
});

describe('a crash point', () => {
  it('does nothing unless it is asked for, and leaves the names of others alone', () => {
    const points = ['here', 'there'] as const;
    crashPoints({}, points)('here');
    crashPoints({ LEDGERLINE_CRASH_AT: 'elsewhere:1' }, points)('here');
    crashPoints({ LEDGERLINE_CRASH_AT: 'here:3' }, points)('here');
    expect(() => crashPoints({ LEDGERLINE_CRASH_AT: 'here:x' }, points)).toThrow(/point:number/);
  });
});

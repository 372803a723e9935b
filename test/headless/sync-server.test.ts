import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../kit/wait-for.ts';
import { startTestArchive } from '../server/support/archive.ts';
import { ledgerline, summaryIn } from './support/ledgerline.ts';
import { libraryOf } from './support/music.ts';

const EMAIL = 'moderator@example.org';
const PASSWORD = 'tell nobody this one';

const archive = async (role: 'moderator' | 'member' = 'moderator') => {
  const server = await startTestArchive();
  onTestFinished(() => server.stop());
  await server.archive.accounts.add({ email: EMAIL, role, password: PASSWORD });
  return server;
};

const listening = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const texts = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));

describe('an archive elsewhere', () => {
  test('takes a library; the password comes from the environment and is kept nowhere', async () => {
    const server = await archive();
    const library = libraryOf(6);
    const { runWith, dataFolder } = ledgerline();
    const env = { LEDGERLINE_USERNAME: EMAIL, LEDGERLINE_PASSWORD: PASSWORD };
    const first = await runWith({ env }, 'sync', library, '--url', server.archive.url, '--json', '--verbose');
    expect(first.code).toBe(0);
    expect(summaryIn(first)).toMatchObject({ found: 6, archived: 6, puts: 6, archive: server.archive.url });
    expect(first.stdout + first.stderr).not.toContain(PASSWORD);
    for (const text of texts(dataFolder)) expect(text).not.toContain(PASSWORD);

    const argv = ['sync', library, '--url', `${server.archive.url}/`, '--username', EMAIL, '--json'];
    const second = await runWith({ env }, ...argv, '--concurrent', '3');
    expect(summaryIn(second)).toMatchObject({ already_archived: 6, puts: 0 });
    const through = await runWith({ env }, ...argv, '--traditional', '--password', PASSWORD);
    expect(summaryIn(through)).toMatchObject({ already_archived: 6, puts: 0 });
  });

  test('is named to whoever leaves it out the next time, before anything is copied here', async () => {
    const server = await archive();
    const library = libraryOf(2);
    const { run, runWith } = ledgerline();
    const env = { LEDGERLINE_USERNAME: EMAIL, LEDGERLINE_PASSWORD: PASSWORD };
    const named = `This ledger went to ${server.archive.url} before (last `;
    const toGoOn = `now it goes to this computer. To go on there, add --url ${server.archive.url}\n`;
    expect((await run('sync', library, '--dry-run')).stdout).not.toContain('This ledger went to');
    expect((await runWith({ env }, 'sync', library, '--url', server.archive.url)).stdout).not.toContain(
      'This ledger went to',
    );

    const look = await run('sync', library, '--dry-run', '--json');
    expect(look.stderr).toContain(named);
    expect(look.json).toMatchObject({ dry_run: true, waiting: 2 });
    const here = await run('sync', library);
    expect(here.stdout.startsWith(named)).toBe(true);
    expect(here.stdout).toContain(toGoOn);
    expect(here.stdout.indexOf(toGoOn)).toBeLessThan(here.stdout.indexOf('The archive is on this computer'));
    // Nor is it forgotten after one run that went here.
    expect((await run('sync', library, '--json')).stderr).toContain(toGoOn);
    const there = await runWith({ env }, 'sync', library, '--url', server.archive.url);
    expect(there.stdout).not.toContain('This ledger went to');
  });

  test('does not let in who has the wrong password, no rights, or nothing to say', async () => {
    const server = await archive('member');
    const library = libraryOf(1);
    const { runWith } = ledgerline();
    const argv = ['sync', library, '--url', server.archive.url, '--json'];
    const tries = [
      [{ LEDGERLINE_USERNAME: EMAIL, LEDGERLINE_PASSWORD: 'wrong wrong wrong' }, 'wrong_password'],
      [{ LEDGERLINE_USERNAME: EMAIL, LEDGERLINE_PASSWORD: PASSWORD }, /^forbidden/],
      [{ LEDGERLINE_USERNAME: EMAIL }, 'credentials_missing'],
      [{}, 'credentials_missing'],
    ] as const;
    for (const [env, code] of tries) {
      const result = await runWith({ env: { ...env } }, ...argv);
      expect(result.code).toBe(3);
      expect(result.stderr.trimEnd().split('\n').at(-1)).not.toBe('');
      const { error } = result.json as { error: { code: string; message: string } };
      expect(error.code).toMatch(code);
      expect(result.stdout + result.stderr).not.toContain(PASSWORD);
    }
  });

  test('is told apart from nothing that listens, and from a page that is no archive', async () => {
    const library = libraryOf(1);
    const { runWith } = ledgerline();
    const env = { LEDGERLINE_USERNAME: EMAIL, LEDGERLINE_PASSWORD: PASSWORD };
    const portal = await listening((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<html>Welcome to the hotel \u001b[31m</html>');
    });
    const silent = await runWith({ env }, 'sync', library, '--url', 'http://127.0.0.1:1', '--json');
    expect(silent.code).toBe(4);
    expect(silent.json).toMatchObject({ error: { code: 'unreachable' }, exit_code: 4 });
    const html = await runWith({ env }, 'sync', library, '--url', portal, '--json');
    expect(html.code).toBe(4);
    expect(html.json).toMatchObject({ error: { code: 'not_an_archive' }, exit_code: 4 });
    expect(html.stderr).not.toContain('\u001b');
  });

  test('that speaks no https is told so', async () => {
    const library = libraryOf(1);
    const { runWith } = ledgerline();
    const env = { LEDGERLINE_USERNAME: EMAIL, LEDGERLINE_PASSWORD: PASSWORD };
    const plain = await listening((_request, response) => void response.end());
    const url = plain.replace('http:', 'https:');
    const result = await runWith({ env }, 'sync', library, '--url', url, '--json');
    expect(result.code).toBe(4);
    expect(result.stderr).toContain('it does not speak https; try http://');
  });

  test('that is reached in clear on another computer is warned of, before anything is asked', async () => {
    const { run } = ledgerline();
    const library = libraryOf(1);
    const elsewhere = await run('sync', library, '--url', 'http://archive.invalid');
    expect(elsewhere.code).toBe(3);
    expect(elsewhere.stdout).toContain('can read your password and your music');
    const here = await run('sync', library, '--url', 'http://127.0.0.1:1');
    expect(here.stdout + here.stderr).not.toContain('your password and your music');
  });

  test('that never answers can be left with Ctrl-C', async () => {
    const library = libraryOf(1);
    let asked = 0;
    const url = await listening(() => void (asked += 1));
    const { start } = ledgerline();
    const running = start('sync', library, '--url', url, '--username', EMAIL, '--password', 'x', '--json');
    await waitFor('the first question', () => asked > 0);
    running.kill('SIGINT');
    const result = await running.done;
    expect(result.code).toBe(130);
    expect(result.json).toMatchObject({ error: { code: 'interrupted' } });
  });
});

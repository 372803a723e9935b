import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { songListSchema } from '../../shared/api/songs.ts';
import { type RunningCli, startCli } from '../kit/cli.ts';
import { writeSongs } from '../kit/songs.ts';
import { testFolder } from '../kit/test-folder.ts';
import { startTestArchive } from '../server/support/archive.ts';
import { startFaultProxy } from '../stand-ins/fault-proxy.ts';
import { enter, openPage, type Page, pageFolder, refOf } from './support/web.ts';

const EMAIL = 'moderator@example.org';
const PASSWORD = 'tell nobody this one';

/** The program as a person starts it, again and again with the same data. */
const program = (root: string) => {
  const dataFolder = testFolder('data');
  const env = {
    LEDGERLINE_DATA: dataFolder,
    LEDGERLINE_PAGE: pageFolder(),
    LEDGERLINE_TEST_RESERVE_BYTES: '0',
  };
  const start = (more: Readonly<Record<string, string>> = {}, ...argv: readonly string[]): RunningCli => {
    const running = startCli(['web', '--port', '0', '--root', root, ...argv], {
      env: { ...env, ...more },
      timeoutMs: 170_000,
    });
    onTestFinished(async () => {
      running.kill('SIGKILL');
      await running.done;
    });
    return running;
  };
  return { dataFolder, start };
};

const pageOf = async (running: RunningCli): Promise<Page> => {
  const [link] = await running.says(/http:\/\/\S+\/enter\?token=\S+/, { timeoutMs: 60_000 });
  return openPage(await enter(link));
};

describe('ledgerline web', () => {
  test(
    'killed in the middle and started again goes on by itself, with the same numbers and nothing twice',
    { timeout: 180_000 },
    async () => {
      const server = await startTestArchive();
      onTestFinished(() => server.stop());
      await server.archive.accounts.add({ email: EMAIL, role: 'moderator', password: PASSWORD });
      const line = await startFaultProxy({ target: server.archive.url });
      onTestFinished(() => line.stop());
      line.setBandwidth(300_000);
      const root = testFolder('root');
      const count = 40;
      writeSongs(join(root, 'Music'), count, 1, 60_000);
      const { start } = program(root);

      const first = start();
      const page = await pageOf(first);
      await page.call('addLibrary', await refOf(page, root, 'Music'));
      expect(await page.call('useArchiveAt', { url: line.origin, email: EMAIL, password: PASSWORD })).toEqual(
        { ok: true },
      );
      await page.call('start', null);
      const before = await page.sees('some are archived', ({ standing }) => standing.archived >= 5, {
        timeoutMs: 60_000,
      });
      expect(before.standing.archived).toBeLessThan(count);
      first.kill('SIGKILL');
      expect((await first.done).signal).toBe('SIGKILL');

      const second = start({ LEDGERLINE_USERNAME: EMAIL, LEDGERLINE_PASSWORD: PASSWORD });
      const again = await pageOf(second);
      const told = await again.call('state', null);
      expect(told.standing.found).toBe(count);
      expect(told.standing.archived).toBeGreaterThanOrEqual(before.standing.archived);
      expect(told.work).not.toBeNull();
      line.setBandwidth(50_000_000);
      const done = await again.sees('all is archived', ({ standing }) => standing.archived === count, {
        timeoutMs: 60_000,
      });
      expect(done.standing).toMatchObject({ found: count, waiting: 0, failed: 0 });
      const answer = await fetch(`${server.archive.url}/api/v1/songs?per_page=1`, {
        headers: { authorization: `Bearer ${await server.tokenOf(EMAIL)}` },
      });
      expect(songListSchema.parse(await answer.json()).count).toBe(count);
      second.kill('SIGTERM');
      const ended = await second.done;
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).not.toContain(PASSWORD);
    },
  );

  test(
    'says who has the data folder, and what is wrong with its arguments',
    { timeout: 120_000 },
    async () => {
      const root = testFolder('root');
      const { start } = program(root);
      const first = start();
      await pageOf(first);
      const second = await start().done;
      expect(second.code).toBe(2);
      expect(second.stderr).toMatch(/already at work here \(ledgerline web, process \d+\)/);
      const wrong: readonly (readonly [readonly string[], RegExp])[] = [
        [['--port', '70000'], /--port 70000 is no port number/],
        [['--root', join(root, 'nowhere')], /there is no such folder/],
        [['please'], /takes no please/],
      ];
      for (const [argv, words] of wrong) {
        const { code, stderr } = await program(root).start({}, ...argv).done;
        expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(words) });
      }
      const missing = await program(root).start({ LEDGERLINE_PAGE: join(root, 'nowhere') }).done;
      expect(missing.code).toBe(2);
      expect(missing.stderr).toMatch(/page is not built/);
      const elsewhere = await program(root).start({}, '--host', '203.0.113.1').done;
      expect(elsewhere.code).toBe(2);
      expect(elsewhere.stderr).toMatch(/no such address/);
    },
  );

  test(
    'at another address warns that the line is not encrypted, and is found by that address',
    { timeout: 180_000 },
    async () => {
      const running = program(testFolder('root')).start({}, '--host', '0.0.0.0');
      const [link] = await running.says(/http:\/\/\S+\/enter\?token=\S+/, { timeoutMs: 60_000 });
      await running.says(/not encrypted/);
      const page = await openPage(await enter(link));
      expect(await page.call('state', null)).toMatchObject({ trouble: null });
      const { port } = new URL(link);
      const foreign = await fetch(`http://127.0.0.1:${port}/`);
      expect(foreign.status).toBe(401);
    },
  );
});

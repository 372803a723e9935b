import { kill } from 'node:process';
import { describe, expect, test } from 'vitest';
import { archiveState, expectHolds, startArchiveWorld } from '../../kit/archive-world.ts';
import { chromiumPath } from '../../kit/browser.ts';
import { builtApp, callIn, chooseIn, says, seesIn } from '../../kit/desktop.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';
import type { RunningApp } from '../../electron-double/start.ts';

const ENGINE = 'Ledgerline engine';

describe.skipIf(chromiumPath === undefined)('the desktop app is interrupted', () => {
  const start = builtApp();

  /** An app at work with a real archive behind a line that the test holds. */
  const atWork = async (songs: number) => {
    const music = testFolder('music');
    const sha256s = writeSongs(music, songs);
    const world = await startArchiveWorld();
    const account = await world.withPassword();
    if (account.kind !== 'password') throw new Error('An account with a password was asked for');
    const dataFolder = testFolder('data');
    const app = await start(dataFolder);
    const page = await app.page();
    await says(page, /Where is your music/);
    await chooseIn(app, page, music);
    const { email, password } = account;
    const signIn = { url: world.proxy.origin, email, password, keep: true };
    expect(await callIn(page, 'useArchiveAt', signIn)).toEqual({ ok: true });
    return { app, page, world, dataFolder, sha256s, password };
  };
  const enginePid = ({ world }: RunningApp): number => {
    const pid = world.processes.get(ENGINE);
    if (pid === undefined) throw new Error('There is no engine');
    return pid;
  };

  test('quit in mid-run and started again, it goes on with the same numbers', async () => {
    const { app, page, world, dataFolder, sha256s } = await atWork(12);
    world.proxy.addRule({ method: 'PUT', skip: 5, times: 100, fault: { kind: 'black-hole' } });
    await callIn(page, 'start', null);
    await says(page, /5 of 12 tracks archived/);
    await app.quit();
    expect(app.world.processes.has(ENGINE)).toBe(false);
    await waitFor('its helpers to be gone', () => app.world.processes.size === 0);
    world.proxy.clearRules();
    world.proxy.freeze();

    const again = await start(dataFolder);
    const second = await again.page();
    await says(second, /5 of 12 tracks archived/);
    expect((await callIn(second, 'state', null)).standing).toMatchObject({ archived: 5, waiting: 7 });
    world.proxy.thaw();
    await says(second, /All 12 tracks are archived/);
    expectHolds(world, sha256s);
    expect(again.world.offences).toEqual([]);
  }, 90_000);

  test('the archive goes away and comes back, and nobody does anything about it', async () => {
    const { app, page, world, sha256s } = await atWork(8);
    world.proxy.addRule({ method: 'PUT', skip: 3, times: 100, fault: { kind: 'black-hole' } });
    await callIn(page, 'start', null);
    await says(page, /3 of 8 tracks archived/);
    await world.proxy.goOffline();
    world.proxy.clearRules();
    await seesIn(page, 'that it is offline', ({ work }) => work?.gate.reason === 'offline');
    await world.proxy.goOnline();
    await says(page, /All 8 tracks are archived/);
    expectHolds(world, sha256s);
    expect((await callIn(page, 'state', null)).standing.failed).toBe(0);
    expect(app.world.offences).toEqual([]);
  }, 90_000);

  test('what failed is retried from the page', async () => {
    const { page, world, sha256s } = await atWork(4);
    const refusal = world.proxy.addRule({
      method: 'POST',
      path: /direct_upload/,
      times: 100,
      fault: {
        kind: 'answer',
        status: 422,
        headers: { 'content-type': 'application/json' },
        body: '{"error":{"code":"bad_type","message":"Not this one."}}',
      },
    });
    await callIn(page, 'start', null);
    await seesIn(page, 'that all of them failed', ({ standing }) => standing.failed === 4);
    refusal.remove();
    await page.goto(`${page.url().split('#')[0] ?? ''}#attention`);
    await says(page, /4 tracks need attention/);
    expect(refusal.hits()).toBeGreaterThan(0);
    await page
      .getByRole('button', { name: /Retry these/ })
      .first()
      .click();
    await seesIn(
      page,
      'that all is archived',
      ({ standing }) => standing.archived === 4 && standing.failed === 0,
    );
    expectHolds(world, sha256s);
  }, 90_000);

  test('the engine is killed, comes back by itself, goes on and says so', async () => {
    const { app, page, world, sha256s } = await atWork(8);
    world.proxy.addRule({ method: 'PUT', skip: 3, times: 100, fault: { kind: 'black-hole' } });
    await callIn(page, 'start', null);
    await says(page, /3 of 8 tracks archived/);
    const before = enginePid(app);
    kill(before, 'SIGKILL');
    world.proxy.clearRules();
    await page
      .getByText(/stopped unexpectedly/)
      .first()
      .waitFor();
    expect(enginePid(app)).not.toBe(before);
    await says(page, /All 8 tracks are archived/);
    expectHolds(world, sha256s);
    expect(archiveState(world.server.dataDir).songs).toHaveLength(8);
    expect(app.world.offences).toEqual([]);
  }, 90_000);
});

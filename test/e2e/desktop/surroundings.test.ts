import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type RunningApp, startApp } from '../../electron-double/start.ts';
import { chromiumPath, launchChromium } from '../../kit/browser.ts';
import { buildDesktop, type BuiltDesktop } from '../../kit/built-desktop.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';
import { waitFor } from '../../kit/wait-for.ts';
import { startTestArchive } from '../../server/support/archive.ts';

const EMAIL = 'somebody@example.org';
const PASSWORD = 'tell nobody this one';

const says = (page: Page, words: RegExp) =>
  page.getByRole('heading', { level: 1 }).filter({ hasText: words }).waitFor();

/** A call as the page would make it; the page hears the answer and has no use for it. */
const ask = (page: Page, call: string, input: unknown): Promise<void> =>
  page.evaluate(
    (message) =>
      (globalThis as unknown as { ledgerline: { ask: (message: unknown) => void } }).ledgerline.ask(message),
    { id: 1_000_000, call, input },
  );

const trayOf = ({ desktop }: RunningApp) => {
  const [tray] = desktop.traysNow();
  if (tray === undefined) throw new Error('There is no tray');
  return tray;
};

const items = (app: RunningApp) => trayOf(app).menu?.items ?? [];
const clickInTray = (app: RunningApp, label: string): void => {
  const item = items(app).find((one) => one.label === label);
  if (item === undefined)
    throw new Error(
      `${label} is not among ${items(app)
        .map((one) => one.label)
        .join()}`,
    );
  item.click();
};
const trayOffers = (app: RunningApp, label: string) =>
  waitFor(`the tray to offer ${label}`, () => items(app).some((one) => one.label === label) || undefined);
const trayTells = (app: RunningApp, words: RegExp) =>
  waitFor(`the tray to tell ${String(words)}`, () => words.test(trayOf(app).toolTip) || undefined, {
    timeoutMs: 60_000,
  });

const clickInMenu = ({ desktop }: RunningApp, label: string): void => {
  const all = (desktop.Menu.getApplicationMenu()?.items ?? []).flatMap((item) => item.submenu?.items ?? []);
  const item = all.find((one) => one.label === label);
  if (item === undefined) throw new Error(`${label} is not in the menu`);
  item.click();
};

const chooseMusic = async (app: RunningApp, page: Page, music: string): Promise<void> => {
  app.world.openDialogs.push({ canceled: false, filePaths: [music] });
  await says(page, /Where is your music/);
  await page.getByRole('button', { name: /Choose folders/ }).click();
  await page.getByRole('list', { name: 'Chosen folders' }).getByText(music).waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
};

const archiveHere = async (app: RunningApp, page: Page, music: string): Promise<void> => {
  await chooseMusic(app, page, music);
  await page.getByText('On this computer').click();
  await page.getByRole('button', { name: 'Keep it here' }).click();
  await says(page, /Ready when you are/);
  await page.getByRole('button', { name: 'Start' }).click();
};

/** Until the test is over. */
const inEnvironment = (name: string, value: string): void => {
  const { [name]: before } = process.env;
  process.env[name] = value;
  onTestFinished(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
};

/** A session bus that knows of nothing but who shows tray icons, in place of the machine's own. */
const trayHost = (): { readonly is: (isThere: boolean) => void } => {
  const bin = testFolder('bin');
  const is = (isThere: boolean): void => writeFileSync(join(bin, 'answer'), `variant boolean ${isThere}`);
  is(true);
  writeFileSync(join(bin, 'dbus-send'), `#!/bin/sh\ncat '${join(bin, 'answer')}'\n`, { mode: 0o755 });
  inEnvironment('PATH', `${bin}${delimiter}${process.env['PATH'] ?? ''}`);
  inEnvironment('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nowhere');
  return { is };
};

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe.skipIf(chromiumPath === undefined)(
  'around the window of the desktop app, over the double of Electron',
  () => {
    let browser: Browser;
    let built: BuiltDesktop;
    beforeAll(async () => {
      built = await buildDesktop();
      browser = await launchChromium();
    }, 120_000);
    afterAll(async () => {
      await browser.close();
      built.remove();
    });
    const start = (dataFolder: string): Promise<RunningApp> => {
      // Not the person's own.
      inEnvironment('XDG_CONFIG_HOME', join(dataFolder, 'config'));
      return startApp({ browser, built: built.folder, dataFolder });
    };

    test('the tray tells how far it is, pauses and resumes; closing the window ends nothing, and says so once', async () => {
      trayHost();
      const music = testFolder('music');
      writeSongs(music, 6);
      const app = await start(testFolder('data'));
      const page = await app.page();
      await trayTells(app, /^Nothing is being archived$/);
      const atFirst = trayOf(app).image.toPNG();
      expect(items(app).map(({ label }) => label)).not.toContain('Pause');
      await archiveHere(app, page, music);
      await trayTells(app, /^6 of 6 · all archived$/);
      expect(trayOf(app).image.toPNG().equals(atFirst)).toBe(false);
      expect(trayOf(app).image.getScaleFactors()).toEqual([1, 1.25, 1.5, 2, 3]);
      expect(app.world.notifications.map(({ title }) => title)).toEqual(['All archived']);
      await waitFor('nobody to keep it awake', () => !app.system.isKeptAwake());

      await ask(page, 'changeSettings', { pauseOnBattery: true });
      await trayOffers(app, 'Pause for an hour');
      clickInTray(app, 'Pause for an hour');
      await trayTells(app, /^6 of 6 · paused, continues (?:on \S+ )?about /);

      app.windows()[0]?.close();
      expect(app.windows()).toEqual([]);
      expect(app.world.notifications.map(({ title }) => title)).toEqual([
        'All archived',
        'Ledgerline goes on',
      ]);
      writeSongs(music, 1, 50);
      await trayTells(app, /^6 of 7 · paused/);
      app.world.isOnBattery = true;
      app.system.powerMonitor.emit('on-battery');
      await trayOffers(app, 'Resume');
      clickInTray(app, 'Resume');
      await trayTells(app, /^6 of 7 · waiting for the power cable$/);
      app.world.isOnBattery = false;
      app.system.powerMonitor.emit('on-ac');
      await trayTells(app, /^7 of 7 · all archived$/);
      clickInTray(app, 'Open Ledgerline');
      await says(await app.page(), /All 7 tracks are archived/);
      app.windows()[0]?.close();
      expect(app.world.notifications).toHaveLength(2);
      app.world.notifications[0]?.click();
      expect(app.windows()).toHaveLength(1);
      await says(await app.page(), /All 7 tracks are archived/);
      expect(app.world.offences).toEqual([]);
      await app.quit();
      expect(app.desktop.traysNow()).toEqual([]);
    });

    test('on a desktop without a tray a closed window is minimised and says so once; where there is one it goes', async () => {
      const host = trayHost();
      host.is(false);
      const app = await start(testFolder('data'));
      await says(await app.page(), /Where is your music/);
      const [window] = app.windows();
      const isThere = (): boolean => app.windows()[0] === window && window?.isDestroyed() === false;
      for (const _ of [1, 2]) {
        window?.close();
        expect([isThere(), window?.isMinimized()]).toEqual([true, true]);
        app.app.emit('second-instance', {}, [], '');
        expect(window?.isMinimized()).toBe(false);
      }
      expect(app.world.notifications.map(({ title, body }) => [title, body])).toEqual([
        ['Ledgerline goes on', expect.stringMatching(/shows no tray icons, so the window is only minimised/)],
      ]);
      host.is(true);
      window?.focus();
      await waitFor('the window to go', () => {
        window?.close();
        return !isThere();
      });
      // Which nobody is told of a second time, and which brings nothing to its end.
      expect(app.world.notifications).toHaveLength(1);
      clickInTray(app, 'Open Ledgerline');
      await says(await app.page(), /Where is your music/);
      // Who quits is not held up by a window that may not go.
      host.is(false);
      app.windows()[0]?.focus();
      await waitFor('the tray to be gone', () => {
        app.windows()[0]?.close();
        return app.windows()[0]?.isMinimized() ?? clickInTray(app, 'Open Ledgerline');
      });
      await app.quit();
      expect(app.windows()).toEqual([]);
      expect(app.world.offences).toEqual([]);
    }, 60_000);

    test('what a person chose of the app holds, and holds after the next start', async () => {
      const dataFolder = testFolder('data');
      let app = await start(dataFolder);
      await says(await app.page(), /Where is your music/);
      await ask(await app.page(), 'changePreferences', { theme: 'dark', startAtLogin: true });
      await waitFor('the theme', () => app.system.nativeTheme.themeSource === 'dark' || undefined);
      const entry = join(dataFolder, 'config', 'autostart', 'ledgerline.desktop');
      expect(readFileSync(entry, 'utf8')).toMatch(/^Exec=".*" "--hidden"$/m);
      app.windows()[0]?.setBounds({ x: 40, y: 50, width: 900, height: 700 });
      await app.quit();
      app = await start(dataFolder);
      await says(await app.page(), /Where is your music/);
      expect(app.system.nativeTheme.themeSource).toBe('dark');
      expect(app.windows()[0]?.getBounds()).toEqual({ x: 40, y: 50, width: 900, height: 700 });
      await ask(await app.page(), 'changePreferences', { startAtLogin: false });
      await waitFor('the entry to go', () => !existsSync(entry) || undefined);
    });

    test('a log-in that is kept signs in by itself after the next start, and lies nowhere in clear', async () => {
      const server = await startTestArchive();
      onTestFinished(() => server.stop());
      await server.archive.accounts.add({ email: EMAIL, role: 'moderator', password: PASSWORD });
      const music = testFolder('music');
      writeSongs(music, 2);
      const dataFolder = testFolder('data');
      let app = await start(dataFolder);
      const page = await app.page();
      await chooseMusic(app, page, music);
      await ask(page, 'useArchiveAt', {
        url: server.archive.url,
        email: EMAIL,
        password: PASSWORD,
        keep: true,
      });
      await waitFor(
        'the log-in to be kept',
        () => existsSync(join(dataFolder, 'desktop', 'log-ins.json')) || undefined,
      );
      await ask(page, 'start', null);
      await trayTells(app, /^2 of 2 · all archived$/);
      clickInMenu(app, 'Copy diagnostics');
      const text = await waitFor('the diagnostics', () => app.world.copied[0]);
      expect(text).toContain('"archived":2');
      expect(text).toContain('Ledgerline 0.1.0 starts.');
      expect(text).not.toMatch(new RegExp(`${PASSWORD}|${EMAIL}|${server.archive.url}`));
      clickInMenu(app, 'Show log');
      expect(app.world.shownInFolder).toEqual([join(dataFolder, 'desktop', 'ledgerline.log')]);
      await app.quit();

      const kept = join(dataFolder, 'desktop', 'log-ins.json');
      const rights = process.platform === 'win32' ? 0o600 : statSync(kept).mode & 0o777;
      expect(rights).toBe(0o600);
      const inClear = filesIn(dataFolder).filter((file) => readFileSync(file).includes(PASSWORD));
      expect(inClear).toEqual([]);

      writeSongs(music, 1, 50);
      app = await start(dataFolder);
      await trayTells(app, /^3 of 3 · all archived$/);
    });
  },
);

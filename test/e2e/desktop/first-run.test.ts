import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp } from '../../electron-double/start.ts';
import { chromiumPath, launchChromium } from '../../kit/browser.ts';
import { buildDesktop, type BuiltDesktop } from '../../kit/built-desktop.ts';
import { writeSongs } from '../../kit/songs.ts';
import { testFolder } from '../../kit/test-folder.ts';

const says = (page: Page, words: RegExp) =>
  page.getByRole('heading', { level: 1 }).filter({ hasText: words }).waitFor();

describe.skipIf(chromiumPath === undefined)('the desktop app, built, over the double of Electron', () => {
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

  test('from the first window to all archived on this computer', async () => {
    const music = testFolder('music');
    writeSongs(music, 6);
    const app = await startApp({ browser, built: built.folder, dataFolder: testFolder('data') });
    app.world.openDialogs.push({ canceled: false, filePaths: [music] });
    const page = await app.page();
    await says(page, /Where is your music/);
    await page.getByRole('button', { name: /Choose folders/ }).click();
    await page.getByRole('list', { name: 'Chosen folders' }).getByText(music).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('On this computer').click();
    await page.getByRole('button', { name: 'Keep it here' }).click();
    await says(page, /Ready when you are/);
    await page.getByRole('button', { name: 'Start' }).click();
    await says(page, /All 6 tracks are archived/);
    expect(app.world.offences).toEqual([]);
    expect(app.world.refusedRequests).toEqual([]);
    await app.quit();
    expect(app.world.processes.size).toBe(0);
  }, 60_000);
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chromiumPath, launchChromium, watchedPage } from '../kit/browser.ts';
import { runCli } from '../kit/cli.ts';
import { builtPage } from '../kit/built-page.ts';
import { startArchiveWorld } from '../kit/archive-world.ts';
import { writeSongs } from '../kit/songs.ts';
import { testFolder } from '../kit/test-folder.ts';
import { startWebProgram } from '../kit/web-program.ts';

const SONGS = 24;

describe.skipIf(chromiumPath === undefined)('the first run, in Chromium, with the real program', () => {
  let browser: Browser;
  beforeAll(async () => {
    await builtPage();
    browser = await launchChromium();
  }, 120_000);
  afterAll(() => browser.close());

  const openPage = async (origin: string, link: string) => {
    const watched = await watchedPage(browser, origin);
    onTestFinished(watched.close);
    await watched.page.goto(link);
    return watched;
  };

  const chooseFolder = async (page: Page, root: string, name: string) => {
    await page.getByRole('row', { name: root }).click();
    await page.getByRole('row', { name }).click();
    await page.getByText(`${root}/${name}`).waitFor();
    await page.getByRole('button', { name: 'Choose this folder' }).click();
    await page.getByRole('list', { name: 'Chosen folders' }).getByText(`${root}/${name}`).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
  };

  const headline = (page: Page) => page.getByRole('heading', { level: 1 });
  const archived = async (page: Page) => Number.parseInt((await headline(page).textContent()) ?? '', 10);
  const says = (page: Page, words: RegExp) => headline(page).filter({ hasText: words }).waitFor();

  test('from nothing to all archived on this computer, with a pause on the way and over a restart', async () => {
    const root = testFolder('root');
    writeSongs(`${root}/Music`, SONGS, 1, 200_000);
    const dataFolder = testFolder('data');
    // So slow that there is something left when somebody pauses.
    const slow = await runCli(['settings', '--data-dir', dataFolder, '--limit', '400kB/s']);
    expect(slow.code).toBe(0);
    const program = await startWebProgram(dataFolder, root);
    const { page, offences } = await openPage(program.origin, program.link);

    await says(page, /Where is your music/);
    await chooseFolder(page, root, 'Music');
    await says(page, /Where shall it be kept/);
    await page.getByText('On this computer').click();
    await page.getByRole('button', { name: 'Keep it here' }).click();
    await says(page, /Ready when you are/);
    await page.getByText('a copy, not a backup').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await says(page, new RegExp(`[1-9]\\d* of ${SONGS} tracks archived\\.`));
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('Paused until you resume.', { exact: true }).first().waitFor();
    const paused = await archived(page);
    expect(paused).toBeLessThan(SONGS);
    await page.reload();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    expect(await archived(page)).toBeGreaterThanOrEqual(paused);

    // Also the program itself remembers that somebody paused.
    await program.stop();
    const again = await startWebProgram(dataFolder, root);
    const second = await openPage(again.origin, again.link);
    await second.page.getByRole('button', { name: 'Resume' }).waitFor();
    await says(second.page, new RegExp(`of ${SONGS} tracks archived`));
    expect(await archived(second.page)).toBeGreaterThanOrEqual(paused);
    expect(await archived(second.page)).toBeLessThan(SONGS);
    await second.page.getByRole('link', { name: 'Settings' }).click();
    await second.page.getByText('Leave room for others').click();
    await second.page.getByText('As much as the line gives.').waitFor();
    await second.page.getByRole('link', { name: 'Tonight' }).click();
    await second.page.getByRole('button', { name: 'Resume' }).click();
    await says(second.page, new RegExp(`All ${SONGS} tracks are archived`));
    await second.page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await second.page.reload();
    await says(second.page, new RegExp(`All ${SONGS} tracks are archived`));

    expect(second.offences).toEqual([]);
    // The program that the first page belongs to was ended: that its bridge is gone is all it may complain of.
    expect(offences.filter((offence) => !/bridge/.test(offence))).toEqual([]);
  }, 180_000);

  test('a server: a wrong password is told beside its field, the right one archives', async () => {
    const root = testFolder('root');
    writeSongs(`${root}/Music`, 3);
    const world = await startArchiveWorld();
    const account = await world.withPassword();
    if (account.kind !== 'password') throw new Error('An account with a password was asked for');
    const program = await startWebProgram(testFolder('data'), root);
    const { page, offences } = await openPage(program.origin, program.link);
    await chooseFolder(page, root, 'Music');
    await page.getByText('On a server').click();
    await page.getByLabel('Address of the archive').fill(world.proxy.origin);
    await page.getByLabel('E-mail').fill(account.email);
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const field = page.getByLabel('Password');
    await page.locator('input[type=password][aria-invalid=true]').waitFor();
    expect(await field.evaluate((input) => input.ownerDocument.activeElement === input)).toBe(true);
    await field.fill(account.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await says(page, /Ready when you are/);
    await page.getByRole('button', { name: 'Start' }).click();
    await says(page, /All 3 tracks are archived/);
    expect(world.puts()).toBe(3);
    expect(offences).toEqual([]);
  }, 120_000);

  test('a page that came by no link is told which one it needs', async () => {
    const program = await startWebProgram(testFolder('data'), testFolder('root'));
    const { page } = await openPage(program.origin, program.origin);
    await page.getByText(/link/).first().waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
  });
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { PageState } from '../../shared/bridge/state.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { chromiumPath, launchChromium, watchedPage } from '../kit/browser.ts';
import { builtPage } from '../kit/built-page.ts';
import { flightOf, NOTHING_CHOSEN, standingOf, stateOf, workOf } from '../kit/page-states.ts';
import { startScriptedHost } from '../kit/scripted-host.ts';
import { waitFor } from '../kit/wait-for.ts';

const HOSTILE = `<img src=x onerror="document.title='taken'">`;
const RIGHT_TO_LEFT = 'أغنية طويلة';
const LONG = `${'A title that does not end '.repeat(12)}.mp3`;

const working = (archived: number, some: Partial<PageState> = {}): PageState =>
  stateOf({
    standing: standingOf({
      archived,
      waiting: 65_000 - archived,
      bytesArchived: archived * 30e6,
      bytesWaiting: (65_000 - archived) * 30e6,
    }),
    work: workOf({
      bytesPerSecond: 3.2e6,
      inFlight: [HOSTILE, RIGHT_TO_LEFT, LONG].map((name) => flightOf(`${name}/${name}`, 2e6, 1e6)),
    }),
    ...some,
  });

/** By how many pixels the page is wider than its window. */
const WIDER = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

type Answers = Parameters<typeof startScriptedHost>[2];

describe.skipIf(chromiumPath === undefined)('the page', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = await builtPage();
    browser = await launchChromium();
  }, 120_000);
  afterAll(() => browser.close());

  const open = async (state: PageState, answers: Answers = {}, options = {}) => {
    const host = await startScriptedHost(folder, state, answers);
    onTestFinished(host.stop);
    const watched = await watchedPage(browser, host.origin, options);
    onTestFinished(watched.close);
    await watched.page.goto(host.origin);
    const headline = watched.page.getByRole('heading', { level: 1 });
    const says = (words: RegExp) => headline.filter({ hasText: words }).waitFor();
    return { host, says, headline, ...watched };
  };

  test('follows the numbers, and does nothing that it must not', async () => {
    const { host, says, page, offences } = await open(working(38_412));
    await says(/38,412 of 65,000 tracks archived\./);
    expect(await page.title()).toBe('38,412 of 65,000 · Ledgerline');
    host.push(working(38_413));
    await says(/38,413 of 65,000/);
    expect(offences).toEqual([]);
  });

  test('shows names as text, whatever stands in them', async () => {
    const { page, says, offences } = await open(
      working(1, {
        libraries: [{ id: 1, path: `/music/${HOSTILE}`, trouble: null, standing: standingOf() }],
      }),
    );
    await says(/1 of 65,000/);
    await page.getByText(`/music/${HOSTILE}`).waitFor();
    await page.getByText(RIGHT_TO_LEFT).first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toMatch(/^1 of/);
    expect(offences).toEqual([]);
  });

  test.each([
    ['a large window', { viewport: { width: 1200, height: 780 } }],
    ['a small one', { viewport: { width: 720, height: 520 } }],
    ['a small one at 200 %', { viewport: { width: 360, height: 260 } }],
    ['by night', { colorScheme: 'dark' }],
    ['where nothing may move', { reducedMotion: 'reduce' }],
    ['with German digits', { locale: 'de-DE' }],
  ])('is never wider than its window, and every view can be reached: %s', async (_where, options) => {
    const failures = () => [
      {
        code: 'x',
        state: 'failed' as const,
        message: LONG,
        advice: HOSTILE,
        count: 4,
        examples: [LONG.replaceAll(' ', '_'), RIGHT_TO_LEFT].map((path) => ({ path, track: null })),
      },
    ];
    const { page, says, offences } = await open(
      working(7, { standing: standingOf({ archived: 7, failed: 4 }) }),
      { failures },
      options,
    );
    await says(/7 of 11 tracks archived; 4 need attention/);
    for (const view of ['Needs attention', 'Settings', 'Tonight']) {
      await page.getByRole('link', { name: view }).first().click();
      await page.locator(`a[aria-current=page]`, { hasText: view }).waitFor();
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.evaluate(WIDER)).toBe(0);
    }
    expect(offences).toEqual([]);
  });

  test('pauses in the ways that the menu names, by keyboard alone', async () => {
    const { page, host, says } = await open(working(7));
    await says(/7 of/);
    const until = page.getByRole('button', { name: 'Pause until a time' });
    await until.focus();
    for (const downs of [0, 1, 2]) {
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem').first().waitFor();
      for (let i = 0; i < downs; i += 1) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await waitFor('the pause', () => host.calls.length > downs);
      await page.getByRole('menuitem').first().waitFor({ state: 'detached' });
    }
    expect(host.calls.filter(({ call }) => call !== 'pace')).toEqual(
      ['hour', 'tonight', 'until_resumed'].map((input) => ({ call: 'pause', input })),
    );
  });

  test('the keyboard keeps its place where what it was at is gone', async () => {
    const { page, host, says } = await open(working(7), {
      pause: () => {
        host.push(working(7, { settings: { ...DEFAULT_SETTINGS, pause: { until: null } } }));
        return null;
      },
      resume: () => {
        host.push(working(7));
        return null;
      },
    });
    await says(/7 of/);
    const focused = (name: string) =>
      page.getByRole('button', { name, exact: true }).and(page.locator(':focus')).waitFor();
    await page.getByRole('button', { name: 'Pause', exact: true }).focus();
    await page.keyboard.press('Enter');
    await focused('Resume');
    await page.keyboard.press('Enter');
    await focused('Pause');
    // A link in the view leads to another view, and is gone.
    host.push({ ...working(7), standing: { ...working(7).standing, failed: 2 } });
    await page.getByRole('link', { name: '2 need attention' }).focus();
    await page.keyboard.press('Enter');
    await says(/2 tracks need attention/);
    await page.locator('main:focus').waitFor();
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('MAIN');
  });

  test('says that Ledgerline is not answering, keeps what it knew, and finds back by itself', async () => {
    const { page, host, says } = await open(working(7));
    await says(/7 of/);
    host.vanish(true);
    await page.getByText(/Ledgerline is not answering\. What stands here is how things stood/).waitFor();
    await page.getByText(/start it again as you did before and open the link that it prints/).waitFor();
    await says(/7 of/);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText(/so this was not done/).waitFor();
    expect(host.calls.filter(({ call }) => call !== 'pace')).toEqual([]);
    host.push(working(9));
    host.vanish(false);
    await says(/9 of/);
    await page.getByText(/Ledgerline is not answering\. What/).waitFor({ state: 'detached' });
  });

  test('in the desktop’s window, before its engine has told anything: it is starting, and no command is asked for', async () => {
    const { says, page, offences } = await open(working(7));
    // The door that the preload leaves, with nobody behind it who says anything.
    await page.addInitScript('window.ledgerline = { ask() {}, listen() {}, dropped: async () => [] };');
    await page.reload();
    await says(/Ledgerline is starting/);
    expect(await page.getByText('ledgerline web').count()).toBe(0);
    expect(offences).toEqual([]);
  });

  test('tells who is not let in what is needed', async () => {
    const { host, says, page } = await open(working(7));
    await says(/7 of/);
    host.letIn(false);
    await says(/This page needs its link/);
    expect(await page.getByRole('button').count()).toBe(0);
    host.letIn(true);
    await says(/7 of/);
  });

  test('trusts nothing that is not of the contract', async () => {
    const { host, says, offences } = await open(working(7));
    await says(/7 of/);
    host.say('{"kind":"state","state":{"standing":{"archived":65000}}}');
    host.say('not even JSON');
    host.push(working(8));
    await says(/8 of/);
    expect(offences).toEqual([]);
  });

  test('Welcome: a folder that cannot be taken says why and stays on its step', async () => {
    const { page, says } = await open(NOTHING_CHOSEN, {
      browse: (ref) =>
        ref === null
          ? { here: null, parent: null, folders: [{ ref: 'a', name: HOSTILE }], trouble: null }
          : { here: { ref, path: '/a' }, parent: null, folders: [], trouble: null },
      addLibrary: () => ({ ok: false, field: 'folder', message: 'It lies inside of another one.' }),
    });
    await says(/Where is your music/);
    // By keyboard.
    await page.getByRole('row', { name: HOSTILE }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('No folders in here.').waitFor();
    await page.getByRole('button', { name: 'Choose this folder' }).click();
    await page.getByRole('alert').getByText('It lies inside of another one.').waitFor();
    expect(await page.getByRole('button', { name: 'Continue' }).isDisabled()).toBe(true);
  });
});

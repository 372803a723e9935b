import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { Capabilities } from '../../../shared/bridge/shell.ts';
import type { PageState } from '../../../shared/bridge/state.ts';
import { launchChromium, watchedPage } from '../../kit/browser.ts';
import { builtPage } from '../../kit/built-page.ts';
import { startScriptedHost } from '../../kit/scripted-host.ts';

export type Answers = Parameters<typeof startScriptedHost>[2];
type BrowserOptions = Parameters<typeof watchedPage>[2];

/** What a desktop can do. */
export const DESKTOP: Capabilities = {
  folders: 'dialog',
  drop: true,
  reveal: true,
  preferences: true,
  battery: true,
  secrets: 'system',
};

/** For the tests of one file: the built page in one Chromium, each time with a program that is scripted. */
export const scriptedPages = (view = '') => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = await builtPage();
    browser = await launchChromium();
  }, 120_000);
  afterAll(() => browser.close());

  return async (state: PageState, answers: Answers = {}, options: BrowserOptions = {}) => {
    const host = await startScriptedHost(folder, state, answers);
    onTestFinished(host.stop);
    const watched = await watchedPage(browser, host.origin, options);
    onTestFinished(watched.close);
    await watched.page.goto(`${host.origin}/#${view}`);
    const headline = watched.page.getByRole('heading', { level: 1 });
    await headline.waitFor();
    return {
      host,
      headline,
      goTo: (other: string) => watched.page.goto(`${host.origin}/#${other}`),
      says: (words: RegExp) => headline.filter({ hasText: words }).waitFor(),
      /** What was asked of the program by this name, in order. */
      asked: (name: string): readonly unknown[] =>
        host.calls.filter(({ call }) => call === name).map(({ input }) => input),
      ...watched,
    };
  };
};

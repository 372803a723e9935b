import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { ToPage } from '../../shared/bridge/bridge.ts';
import type { CallInput, CallName, CallOutput } from '../../shared/bridge/calls.ts';
import type { DesktopDoor } from '../../shared/ipc.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { type RunningApp, startApp, type StartOptions } from '../electron-double/start.ts';
import { launchChromium } from './browser.ts';
import { buildDesktop, type BuiltDesktop } from './built-desktop.ts';
import { waitFor } from './wait-for.ts';

type Start = (dataFolder: string, world?: StartOptions['world']) => Promise<RunningApp>;

/** The desktop app, built once for all tests around this, and a Chromium for its windows. */
export const builtApp = (): Start => {
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
  return (dataFolder, world = {}) => startApp({ browser, built: built.folder, dataFolder, world });
};

/** Waits until the page's headline says so. */
export const says = (page: Page, words: RegExp): Promise<void> =>
  page.getByRole('heading', { level: 1 }).filter({ hasText: words }).first().waitFor();

/** A call of the bridge from within the page, by the door that the preload left there. */
export const callIn = async <N extends CallName>(
  page: Page,
  name: N,
  input: CallInput<N>,
): Promise<CallOutput<N>> => {
  const answer = await page.evaluate(
    ([call, given]) =>
      new Promise<ToPage>((resolve) => {
        const { ledgerline: door } = globalThis as unknown as { readonly ledgerline: DesktopDoor };
        // Far from those that the page itself counts.
        const id = 1_000_000 + Math.floor(Math.random() * 1_000_000_000);
        door.listen(
          (message) => {
            if (message.kind !== 'state' && message.id === id) resolve(message);
          },
          () => undefined,
        );
        door.ask({ id, call, input: given });
      }),
    [name, input] as const,
  );
  if (answer.kind !== 'done') throw new Error(`${name} was refused: ${JSON.stringify(answer)}`);
  return answer.output as CallOutput<N>;
};

/** The first state for which that holds. */
export const seesIn = (page: Page, what: string, check: (state: PageState) => boolean): Promise<PageState> =>
  waitFor(
    what,
    async () => {
      const state = await callIn(page, 'state', null);
      return check(state) ? state : undefined;
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );

/** Chooses that folder by the system's dialog, as the page does. */
export const chooseIn = async ({ world }: RunningApp, page: Page, folder: string): Promise<void> => {
  world.openDialogs.push({ canceled: false, filePaths: [folder] });
  const [chosen] = await callIn(page, 'chooseFolders', null);
  if (chosen === undefined) throw new Error(`${folder} was not offered`);
  const result = await callIn(page, 'addLibrary', chosen.ref);
  if (!result.ok) throw new Error(result.message);
};

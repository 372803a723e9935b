import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type * as AppModule from './app.ts';
import type * as WindowModule from './browser-window.ts';
import type * as DesktopModule from './desktop.ts';
import './register.ts';
import type * as SessionModule from './session.ts';
import type * as SystemModule from './system.ts';
import type { World } from './world.ts';
import type * as WorldModule from './world.ts';

/** One launch of the app: the built main in this process, with an Electron of its own. */
export interface RunningApp {
  readonly world: World;
  readonly app: typeof AppModule.app;
  /** The page of the window that was opened last. */
  readonly page: () => Promise<Page>;
  readonly windows: () => readonly WindowModule.BrowserWindow[];
  readonly desktop: typeof DesktopModule;
  readonly system: typeof SystemModule;
  readonly permissions: typeof SessionModule.permissions;
  /** What main serves of a scheme of its own, asked for without a page. */
  readonly serve: typeof SessionModule.serve;
  /** As a person quits; resolves when the app would have ended. */
  readonly quit: () => Promise<void>;
}

export interface StartOptions {
  readonly browser: Browser;
  /** The folder of the built main, preload and renderer. */
  readonly built: string;
  readonly dataFolder: string;
  /** How the computer is before the app looks at it. */
  readonly world?: Partial<Pick<World, 'isDark' | 'isOnBattery' | 'isSecond' | 'keyStore'>>;
}

let launches = 0;

/** Ends with the test, where it did not before. */
export const startApp = async (options: StartOptions): Promise<RunningApp> => {
  launches += 1;
  const launch = `?launch=${launches}`;
  const part = async <T>(name: string): Promise<T> =>
    (await import(new URL(`${name}.ts${launch}`, import.meta.url).href)) as T;
  const { world } = await part<typeof WorldModule>('world');
  Object.assign(world, { browser: options.browser, ...options.world });
  const { app } = await part<typeof AppModule>('app');
  const { BrowserWindow } = await part<typeof WindowModule>('browser-window');
  const desktop = await part<typeof DesktopModule>('desktop');
  const system = await part<typeof SystemModule>('system');
  const { permissions, serve } = await part<typeof SessionModule>('session');
  process.env['LEDGERLINE_DATA'] = options.dataFolder;
  // A small disk is big enough for a test.
  process.env['LEDGERLINE_TEST_RESERVE_BYTES'] = '0';
  Object.assign(process, { resourcesPath: options.built, getSystemVersion: () => 'double' });

  let quitting: Promise<void> | undefined;
  const quit = (): Promise<void> =>
    (quitting ??= (async () => {
      app.quit();
      await app.ended;
      await (await world.context)?.close();
    })());
  onTestFinished(quit);

  await import(`${pathToFileURL(options.built).href}/main/main.js${launch}`);
  app.becomeReady();
  return {
    world,
    app,
    desktop,
    system,
    permissions,
    serve,
    quit,
    windows: () => BrowserWindow.getAllWindows(),
    page: () => {
      const window = BrowserWindow.getAllWindows().at(-1);
      if (window === undefined) throw new Error('There is no window');
      return window.webContents.page;
    },
  };
};

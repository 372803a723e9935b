import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, nativeTheme, type Rectangle, safeStorage, screen } from 'electron';
import ElectronStore from 'electron-store';
import type { Capabilities } from '../../shared/bridge/shell.ts';
import { systemClock } from '../engine/clock.ts';
import type { Secrets } from '../engine/archive/secrets.ts';
import { hasBattery } from './battery.ts';
import { type Log, openLog } from './log/log.ts';
import { createLoginItem } from './login-item.ts';
import { openPreferences, PREFERENCES_NAME, type PreferenceStore } from './preferences.ts';
import { type DesktopSecrets, openSecrets, secretsOnceOpen } from './secrets.ts';
import { isOnScreen } from './window/on-screen.ts';
import { createWishes, type Wishes } from './wishes.ts';

/** All that the app itself keeps between two starts, beside the engine's ledger: preferences, log-ins, its log. */
export interface Keeping {
  readonly log: Log;
  readonly store: PreferenceStore;
  readonly wishes: Wishes;
  /** Started with the computer and not by a person. */
  readonly startsHidden: boolean;
  readonly secrets: Secrets;
  readonly keyStore: Promise<DesktopSecrets>;
  /** Where the window was, as long as that can be seen. */
  readonly place: () => { readonly bounds?: Rectangle; readonly maximized?: boolean };
  readonly capabilities: () => Promise<Capabilities>;
}

const PATIENCE_MS = 2_000;

/** Once the app is ready, in a folder that is there. */
export const openKeeping = (folder: string, onChange: () => void): Keeping => {
  const { platform, env } = process;
  const log = openLog(folder);
  const store = openPreferences({
    folder,
    open: () => new ElectronStore({ cwd: folder, name: PREFERENCES_NAME }),
    onTrouble: log.warn,
  });
  const keyStore = openSecrets({
    safeStorage,
    platform,
    path: join(folder, 'log-ins.json'),
    onTrouble: log.warn,
  });
  const loginItem = createLoginItem({ app, platform, command: commandOf(env), env, home: homedir() });

  return {
    log,
    store,
    wishes: createWishes({ store, loginItem, nativeTheme, onChange }),
    startsHidden: loginItem.startedSo(process.argv),
    keyStore,
    secrets: secretsOnceOpen(keyStore),
    place: () => {
      const { bounds: last } = store.read();
      if (last === null) return {};
      const { maximized, ...bounds } = last;
      return isOnScreen(bounds, screen.getAllDisplays()) ? { bounds, maximized } : {};
    },
    capabilities: async () => ({
      folders: 'dialog',
      drop: true,
      reveal: true,
      preferences: true,
      battery: hasBattery(platform),
      // A person may be asked to open it; the page cannot wait for that.
      secrets: await Promise.race([keyStore.then(({ where }) => where), unknownYet()]),
    }),
  };
};

const unknownYet = async (): Promise<'memory'> => {
  await systemClock.sleep(PATIENCE_MS);
  return 'memory';
};

/** An AppImage runs from a place that is gone when it ends; what starts it again is the image. */
const commandOf = (env: NodeJS.ProcessEnv): readonly [program: string, ...rest: string[]] =>
  app.isPackaged ? [env['APPIMAGE'] ?? process.execPath] : [process.execPath, app.getAppPath()];

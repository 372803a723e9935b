import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  app,
  clipboard,
  dialog,
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  shell,
  Tray,
  type BrowserWindow,
} from 'electron';
import type { ToPage } from '../../shared/bridge/bridge.ts';
import type { CallInput } from '../../shared/bridge/calls.ts';
import type { PageState } from '../../shared/bridge/state.ts';
import { formatsFor } from '../../shared/formats.ts';
import { systemCode } from '../engine/errors.ts';
import { systemClock } from '../engine/clock.ts';
import type { Power } from '../engine/transfer/schedule.ts';
import { diagnostics, LOG_LINES } from './log/diagnostics.ts';
import type { Log } from './log/log.ts';
import { appMenu } from './menu.ts';
import { createNotifier, newsOf, NO_NEWS } from './notifications.ts';
import type { PreferenceStore } from './preferences.ts';
import { watchPower } from './power.ts';
import type { DesktopSecrets } from './secrets.ts';
import { createTrayIcon } from './tray/tray.ts';
import { updatePolicy } from './updates/policy.ts';
import { createUpdates, updateItem, updateWords, type UpdateStanding } from './updates/updates.ts';

/** As the packages are built with. */
const APP_ID = 'io.ledgerline.desktop';

type ByTray = 'pause' | 'resume';

/** What the app shows and does of itself beside its window: tray, menu, notifications, power, updates. */
export interface Surroundings {
  /** undefined: the engine is away. */
  readonly show: (state: PageState | undefined) => void;
  /** The engine is there, perhaps anew, and knows nothing of the computer's power. */
  readonly engineIsThere: () => void;
  readonly windowOpened: () => void;
  /** The window was closed, and the work goes on. */
  readonly windowClosed: () => void;
  /** It was closed where no icon would bring it back. */
  readonly windowMinimized: () => void;
  /** A person chose otherwise. */
  readonly reconsider: () => void;
  readonly close: () => void;
}

export const surround = (deps: {
  readonly store: PreferenceStore;
  readonly log: Log;
  readonly secrets: Promise<Pick<DesktopSecrets, 'where'>>;
  readonly window: {
    readonly show: () => void;
    readonly current: () => Pick<BrowserWindow, 'setProgressBar'> | undefined;
  };
  /** A call of the page's contract, which the engine does. */
  readonly ask: <N extends ByTray>(call: N, input: CallInput<N>) => Promise<ToPage | undefined>;
  readonly onPower: (power: Power) => void;
  readonly version: string;
}): Surroundings => {
  const { store, log, window, ask } = deps;
  const { platform } = process;
  const formats = formatsFor(app.getSystemLocale());
  let state: PageState | undefined;
  let memory = NO_NEWS;
  let closed = false;

  const notifier = createNotifier({
    Notification,
    isWanted: () => store.read().notifications,
    onClick: window.show,
  });
  const asked = (answer: Promise<ToPage | undefined>): void =>
    void answer.then(
      (told) => (told?.kind === 'refused' ? log.warn(told.error.message) : undefined),
      log.fault,
    );
  const tray = createTrayIcon(
    { Tray, Menu, nativeImage, nativeTheme },
    {
      platform,
      clock: systemClock,
      formats,
      deeds: {
        open: window.show,
        pause: (length) => asked(ask('pause', length)),
        resume: () => asked(ask('resume', null)),
        quit: () => app.quit(),
        showProgress: ({ value, mode }) => window.current()?.setProgressBar(value, { mode }),
      },
    },
  );
  const power = watchPower({
    powerMonitor,
    powerSaveBlocker,
    keepAwake: () => store.read().keepAwake,
    onPower: deps.onPower,
  });

  const onUpdate = (standing: UpdateStanding): void => {
    setMenu();
    if (standing.kind !== 'ready') return;
    log.info(`Version ${standing.version} was fetched and is installed at the end.`);
    notifier.tell({
      title: `Ledgerline ${standing.version} is here`,
      body: 'It is installed when you quit Ledgerline.',
    });
  };
  const updates = createUpdates({
    policy: updatePolicy({ isPackaged: app.isPackaged, platform, updateConfig: updateConfig() }),
    version: deps.version,
    updater: async () => (await import('electron-updater')).default.autoUpdater,
    clock: systemClock,
    onChange: onUpdate,
    onFault: log.fault,
  });

  const copyDiagnostics = async (): Promise<void> => {
    const { where } = await deps.secrets;
    const { electron, chrome, node } = process.versions;
    await clipboard.writeText(
      diagnostics({
        versions: {
          Ledgerline: deps.version,
          Electron: electron,
          Chromium: chrome,
          Node: node,
        },
        system: `${platform} ${process.getSystemVersion()} ${process.arch}`,
        locale: app.getSystemLocale(),
        isPackaged: app.isPackaged,
        updates: updateWords(updates.standing()),
        secrets: where,
        preferences: store.read(),
        state,
        log: log.lastLines(LOG_LINES),
        home: homedir(),
      }),
    );
  };
  const lookForUpdates = async (): Promise<void> => {
    await updates.check();
    const standing = updates.standing();
    if (standing.kind === 'ready' || standing.kind === 'fetching') return;
    await dialog.showMessageBox({ type: 'info', title: 'Ledgerline', message: updateWords(standing) });
  };
  const setMenu = (): void =>
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(
        appMenu(
          { platform, isPackaged: app.isPackaged, updates: updateItem(updates.standing()) },
          {
            open: window.show,
            showAbout: () => app.showAboutPanel(),
            showLog: () => shell.showItemInFolder(log.path),
            copyDiagnostics: () => void copyDiagnostics().catch(log.fault),
            checkForUpdates: () => void lookForUpdates().catch(log.fault),
          },
        ),
      ),
    );
  /** Once and not again. */
  const tellOfClosing = (body: string): void => {
    if (store.read().closingTold) return;
    store.change({ closingTold: true });
    notifier.tell({ title: 'Ledgerline goes on', body });
  };
  // Windows shows notifications only of what it knows by the name that the installer gave it.
  if (platform === 'win32') app.setAppUserModelId(APP_ID);
  app.setAboutPanelOptions({ applicationName: 'Ledgerline', applicationVersion: deps.version });
  setMenu();

  return {
    show: (next) => {
      if (closed) return;
      state = next;
      tray.show(next);
      power.show(next);
      if (next === undefined) return;
      const told = newsOf(memory, next, systemClock.now(), formats);
      ({ memory } = told);
      told.news.forEach(notifier.tell);
    },
    engineIsThere: () => deps.onPower(power.now()),
    windowOpened: tray.windowIsNew,
    windowClosed: () =>
      tellOfClosing(
        `Its icon in the ${platform === 'darwin' ? 'menu bar' : 'tray'} shows how far it is, and its menu ends it.`,
      ),
    windowMinimized: () =>
      tellOfClosing(
        'This desktop shows no tray icons, so the window is only minimised. Quit in its File menu (Ctrl+Q) ends it.',
      ),
    reconsider: power.reconsider,
    close: () => {
      closed = true;
      updates.close();
      power.close();
      tray.close();
    },
  };
};

/** What the builder wrote beside the app; none where it was not built to be published. */
const updateConfig = (): string | undefined => {
  try {
    return readFileSync(join(process.resourcesPath, 'app-update.yml'), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
};

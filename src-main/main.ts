import { homedir } from 'node:os';
import { app, dialog, nativeTheme, session, shell } from 'electron';
import { VERSION } from '../server/version.ts';
import { systemClock } from './engine/clock.ts';
import { openKeeping } from './desktop/keeping.ts';
import { surround, type Surroundings } from './desktop/surroundings.ts';
import { startEngine } from './desktop/engine/supervisor.ts';
import { serveIpc } from './desktop/ipc/main-ipc.ts';
import { createPageLink, type PageLink } from './desktop/page/page-link.ts';
import { createShellCalls, offered } from './desktop/page/shell-calls.ts';
import { PLACES, profileFolder } from './desktop/places.ts';
import { quitWith } from './desktop/quit.ts';
import { askSessionBus, createTrayHost } from './desktop/tray/host.ts';
import { guardPages, refusePermissions } from './desktop/window/guards.ts';
import { createMainWindow } from './desktop/window/main-window.ts';
import { registerPageScheme, servePage } from './desktop/window/page-protocol.ts';
import { dataFolder } from './shell/data-folder.ts';
import { stackOf } from './shell/errors.ts';
import { makeDataFolder } from './shell/usable-data-folder.ts';

/** The desktop app, from its start to its end. */

const folder = dataFolder(process.env, process.platform, homedir());
const profile = profileFolder(folder);

/** A desktop that is coming up after a log-in has its tray by then. */
const TRAY_MS = 20_000;

const start = (): void => {
  makeDataFolder(folder);
  const { log, store, wishes, secrets, keyStore, place, capabilities, startsHidden } = openKeeping(
    profile,
    () => around.reconsider(),
  );
  const onFault = log.fault;
  const trayHost = createTrayHost({
    platform: process.platform,
    clock: systemClock,
    ask: () => askSessionBus(process.env),
  });
  let isQuitting = false;
  log.info(`Ledgerline ${VERSION} starts.`);
  const window = createMainWindow(
    () => ({
      preload: PLACES.preload,
      onFault,
      background: nativeTheme.shouldUseDarkColors ? '#171411' : '#faf7f1',
      ...place(),
    }),
    {
      opened: () => around.windowOpened(),
      mayClose: () => isQuitting || trayHost.isThere(),
      minimized: () => around.windowMinimized(),
      closing: ({ bounds, maximized }) => store.change({ bounds: { ...bounds, maximized } }),
    },
  );
  const engine = startEngine({
    entry: PLACES.engine,
    helperEntry: PLACES.helper,
    options: { dataFolder: folder, userAgent: `Ledgerline/${VERSION}` },
    secrets,
    clock: systemClock,
    onState: (state) => {
      page.showState(state);
      around.show(state);
    },
    onLink: (link) => {
      page.showLink(link);
      if (link === 'up') around.engineIsThere();
      else around.show(undefined);
    },
    onFault,
  });

  const around: Surroundings = surround({
    store,
    log,
    secrets: keyStore,
    window,
    ask: (call, input) => engine.answer({ id: 0, call, input }),
    onPower: engine.power,
    version: VERSION,
  });
  const page: PageLink = createPageLink({
    tell: (message) => window.tell('told', message),
    tellLink: (link) => window.tell('link', link),
    askEngine: engine.answer,
    shellCalls: createShellCalls({
      engine,
      showOpenDialog: (options) => {
        const parent = window.current();
        return parent === undefined ? dialog.showOpenDialog(options) : dialog.showOpenDialog(parent, options);
      },
      showItemInFolder: (path) => shell.showItemInFolder(path),
      capabilities,
      preferences: wishes,
    }),
    onFault,
  });
  serveIpc({
    isPage: window.isPage,
    told: { listen: page.listens, ask: page.asks },
    asked: { dropped: (paths) => offered(engine, paths) },
    onRefused: onFault,
  });
  refusePermissions(session.defaultSession);
  servePage(session.defaultSession, {
    folder: PLACES.page,
    cover: engine.cover,
  });

  void trayHost.look();
  app.on('browser-window-focus', () => void trayHost.look());
  if (!startsHidden) window.show();
  // In the tray where there is one, and never nowhere.
  else void trayHost.waitFor(TRAY_MS).then((isThere) => isThere || isQuitting || window.showMinimized());
  app.on('second-instance', window.show);
  app.on('activate', window.show);
  // Whoever closes the window has not said that the work should end.
  app.on('window-all-closed', around.windowClosed);
  app.on('before-quit', () => (isQuitting = true));
  const end = async (): Promise<void> => {
    around.close();
    await engine.close();
  };
  quitWith(app, end, onFault);
  engine.opened.catch((error: unknown) => {
    onFault(error);
    return giveUp(error);
  });
};

/** Somebody else has the data folder, or it cannot be used: there is nothing to show. */
const giveUp = async (error: unknown): Promise<void> => {
  process.stderr.write(`${stackOf(error)}\n`);
  await dialog.showMessageBox({
    type: 'info',
    title: 'Ledgerline',
    message: 'Ledgerline cannot start now.',
    detail: error instanceof Error ? error.message : String(error),
  });
  app.quit();
};

// Before anything is read from there, and before anything can be shown.
app.setPath('userData', profile);
registerPageScheme();
guardPages(app);
// Awaited at the top, Electron would never become ready: it does so after this file has been evaluated.
if (app.requestSingleInstanceLock()) void app.whenReady().then(start).catch(giveUp);
else app.quit();

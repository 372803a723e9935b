import { homedir } from 'node:os';
import { app, dialog, nativeTheme, session, shell } from 'electron';
import { VERSION } from '../server/version.ts';
import { memorySecrets } from './engine/archive/secrets.ts';
import { systemClock } from './engine/clock.ts';
import { type Engine, startEngine } from './desktop/engine/supervisor.ts';
import { serveIpc } from './desktop/ipc/main-ipc.ts';
import { createOwnNotices } from './desktop/page/notices.ts';
import { createPageLink, type PageLink } from './desktop/page/page-link.ts';
import { createShellCalls, offered } from './desktop/page/shell-calls.ts';
import { PLACES, profileFolder } from './desktop/places.ts';
import { quitWith } from './desktop/quit.ts';
import { guardPages, refusePermissions } from './desktop/window/guards.ts';
import { createMainWindow } from './desktop/window/main-window.ts';
import { registerPageScheme, servePage } from './desktop/window/page-protocol.ts';
import { dataFolder } from './shell/data-folder.ts';
import { stackOf } from './shell/errors.ts';

/** The desktop app, from its start to its end. */

const folder = dataFolder(process.env, process.platform, homedir());
const onFault = (error: unknown): void => void process.stderr.write(`${stackOf(error)}\n`);

const start = (): void => {
  const notices = createOwnNotices();
  const window = createMainWindow(() => ({
    preload: PLACES.preload,
    background: nativeTheme.shouldUseDarkColors ? '#171411' : '#faf7f1',
  }));
  const opening = startEngine({
    entry: PLACES.engine,
    helperEntry: PLACES.helper,
    options: { dataFolder: folder, userAgent: `Ledgerline/${VERSION}` },
    secrets: memorySecrets(),
    clock: systemClock,
    onState: (state) => page.showState(state),
    onLink: (link) => page.showLink(link),
    onNotice: (sentence) => {
      notices.add(sentence);
      page.refresh();
    },
    onFault,
  });
  const engine = <T>(use: (opened: Engine) => Promise<T>): Promise<T> => opening.then(use);

  const page: PageLink = createPageLink({
    tell: (message) => window.tell('told', message),
    tellLink: (link) => window.tell('link', link),
    askEngine: (message) => engine(({ answer }) => answer(message)),
    shellCalls: createShellCalls({
      engine: {
        offer: (path) => engine(({ offer }) => offer(path)),
        placeOf: (track) => engine(({ placeOf }) => placeOf(track)),
      },
      showOpenDialog: (options) => {
        const parent = window.current();
        return parent === undefined ? dialog.showOpenDialog(options) : dialog.showOpenDialog(parent, options);
      },
      showItemInFolder: (path) => shell.showItemInFolder(path),
      capabilities: () => ({
        folders: 'dialog',
        drop: true,
        reveal: true,
        preferences: false,
        battery: false,
        secrets: 'memory',
      }),
    }),
    notices,
    onFault,
  });
  serveIpc({
    isPage: window.isPage,
    told: { listen: page.listens, ask: page.asks },
    asked: { dropped: (paths) => engine((opened) => offered(opened, paths)) },
    onRefused: onFault,
  });
  refusePermissions(session.defaultSession);
  servePage(session.defaultSession, {
    folder: PLACES.page,
    cover: (name, grey) => engine(({ cover }) => cover(name, grey)),
  });

  window.show();
  app.on('second-instance', window.show);
  app.on('activate', window.show);
  app.on('window-all-closed', () => app.quit());
  quitWith(app, () => engine(({ close }) => close()), onFault);
  opening.catch((error: unknown) => giveUp(error));
};

/** Somebody else has the data folder, or it cannot be used: there is nothing to show. */
const giveUp = async (error: unknown): Promise<void> => {
  onFault(error);
  await dialog.showMessageBox({
    type: 'info',
    title: 'Ledgerline',
    message: 'Ledgerline cannot start now.',
    detail: error instanceof Error ? error.message : String(error),
  });
  app.quit();
};

// Before anything is read from there, and before anything can be shown.
app.setPath('userData', profileFolder(folder));
registerPageScheme();
guardPages(app);
// Awaited at the top, Electron would never become ready: it does so after this file has been evaluated.
if (app.requestSingleInstanceLock()) void app.whenReady().then(start).catch(giveUp);
else app.quit();

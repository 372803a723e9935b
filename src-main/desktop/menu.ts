import type { MenuItemConstructorOptions } from 'electron';

/** What the menu does beyond what every program's menu does. */
export interface MenuDeeds {
  readonly open: () => void;
  readonly showAbout: () => void;
  readonly showLog: () => void;
  readonly copyDiagnostics: () => void;
  readonly checkForUpdates: () => void;
}

export interface MenuFacts {
  readonly platform: NodeJS.Platform;
  /** The tools of those who build it are theirs alone. */
  readonly isPackaged: boolean;
  /** What its line says, and whether it can be asked for. */
  readonly updates: { readonly label: string; readonly enabled: boolean };
}

const LINE: MenuItemConstructorOptions = { type: 'separator' };

/** The window's and the program's menu, where and with the keys that each system's people expect. */
export const appMenu = (facts: MenuFacts, deeds: MenuDeeds): MenuItemConstructorOptions[] =>
  facts.platform === 'darwin'
    ? [
        macAppMenu(facts, deeds),
        macFileMenu(deeds),
        editMenu(),
        viewMenu(facts),
        { role: 'windowMenu' },
        helpMenu(facts, deeds),
      ]
    : [fileMenu(facts), editMenu(), viewMenu(facts), helpMenu(facts, deeds)];

const updatesItem = ({ updates }: MenuFacts, deeds: MenuDeeds): MenuItemConstructorOptions => ({
  ...updates,
  click: deeds.checkForUpdates,
});

const macAppMenu = (facts: MenuFacts, deeds: MenuDeeds): MenuItemConstructorOptions => ({
  role: 'appMenu',
  submenu: [
    { role: 'about', label: 'About Ledgerline' },
    updatesItem(facts, deeds),
    LINE,
    { role: 'services' },
    LINE,
    { role: 'hide', label: 'Hide Ledgerline' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    LINE,
    { role: 'quit', label: 'Quit Ledgerline' },
  ],
});

/** A Mac program lives without a window, which this brings back. */
const macFileMenu = (deeds: MenuDeeds): MenuItemConstructorOptions => ({
  label: 'File',
  submenu: [{ label: 'Open Ledgerline', accelerator: 'Command+N', click: deeds.open }, { role: 'close' }],
});

/** On Linux not every desktop has a tray. */
const fileMenu = ({ platform }: MenuFacts): MenuItemConstructorOptions => ({
  label: '&File',
  submenu: [
    { role: 'close', label: platform === 'linux' ? 'Close the window' : 'Close to the tray' },
    LINE,
    { role: 'quit', label: 'Quit Ledgerline', accelerator: 'CommandOrControl+Q' },
  ],
});

const editMenu = (): MenuItemConstructorOptions => ({ role: 'editMenu' });

const viewMenu = ({ isPackaged }: MenuFacts): MenuItemConstructorOptions => ({
  label: '&View',
  submenu: [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    LINE,
    { role: 'togglefullscreen' },
    ...(isPackaged ? [] : [LINE, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]),
  ],
});

const helpMenu = (facts: MenuFacts, deeds: MenuDeeds): MenuItemConstructorOptions => ({
  role: 'help',
  label: facts.platform === 'darwin' ? 'Help' : '&Help',
  submenu: [
    { label: 'Show log', click: deeds.showLog },
    { label: 'Copy diagnostics', click: deeds.copyDiagnostics },
    ...(facts.platform === 'darwin'
      ? []
      : [LINE, updatesItem(facts, deeds), { label: 'About Ledgerline', click: deeds.showAbout }]),
  ],
});

import type { Browser, BrowserContext } from 'playwright-core';

/** The test's side of one launch of the app: what it scripts, and what it may look at afterwards. */

export interface ScriptedDialog {
  readonly canceled: boolean;
  readonly filePaths: readonly string[];
}

export interface World {
  /** Given by whoever starts the app, before main is loaded. */
  browser: Browser | undefined;
  context: Promise<BrowserContext> | undefined;
  /** Answers of the dialog for opening, the next one first; none left: a person cancels. */
  readonly openDialogs: ScriptedDialog[];
  readonly openDialogsShown: unknown[];
  readonly messageBoxes: { readonly message: string; readonly detail: string }[];
  /** What a page asked for that no protocol handler serves. Each was refused. */
  readonly refusedRequests: string[];
  /** Navigations that main's guards refused. */
  readonly refusedNavigations: string[];
  readonly refusedWindows: string[];
  /** What pages did that they must not: uncaught errors, and what Chromium complains of, the policy's violations too. */
  readonly offences: string[];
  /** Channels by which something came that nobody listened to. */
  readonly unheard: string[];
  readonly shownInFolder: string[];
  readonly openedOutside: string[];
  readonly copied: string[];
  readonly notifications: { readonly title: string; readonly body: string; readonly click: () => void }[];
  /** Process ids of utility processes that run, by service name. */
  readonly processes: Map<string, number>;
  /** What utility processes wrote. */
  readonly output: string[];
  readonly loginItem: { openAtLogin: boolean };
  isDark: boolean;
  isOnBattery: boolean;
  /** Whether another one of this app runs already. */
  isSecond: boolean;
  /** What the system's key store is; `basic_text`: none. */
  keyStore: 'gnome_libsecret' | 'basic_text';
}

export const world: World = {
  browser: undefined,
  context: undefined,
  openDialogs: [],
  openDialogsShown: [],
  messageBoxes: [],
  refusedRequests: [],
  refusedNavigations: [],
  refusedWindows: [],
  offences: [],
  unheard: [],
  shownInFolder: [],
  openedOutside: [],
  copied: [],
  notifications: [],
  processes: new Map(),
  output: [],
  loginItem: { openAtLogin: false },
  isDark: false,
  isOnBattery: false,
  isSecond: false,
  keyStore: 'gnome_libsecret',
};

import { BrowserWindow, type Rectangle } from 'electron';
import { PAGE_URL } from './page-protocol.ts';

export interface WindowOptions {
  /** Of the built preload. */
  readonly preload: string;
  readonly onFault: (error: unknown) => void;
  /** Where it stood last. */
  readonly bounds?: Partial<Rectangle>;
  readonly maximized?: boolean;
  /** It begins as a button of the task bar. */
  readonly isMinimized?: boolean;
  /** Behind the page until it draws itself. */
  readonly background: string;
}

const LEAST = { minWidth: 720, minHeight: 520 };
const FIRST = { width: 1200, height: 780 };

/** The one window, shown when there is something to see in it. */
export const openWindow = ({
  preload,
  onFault,
  bounds,
  maximized,
  isMinimized,
  background,
}: WindowOptions): BrowserWindow => {
  const window = new BrowserWindow({
    ...FIRST,
    ...bounds,
    ...LEAST,
    title: 'Ledgerline',
    show: false,
    backgroundColor: background,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (isMinimized === true) return window.minimize();
    if (maximized === true) window.maximize();
    window.show();
  });
  window.loadURL(PAGE_URL).catch((error: unknown) => {
    // Who closes it before it has loaded breaks that off.
    if (!window.isDestroyed()) onFault(error);
  });
  return window;
};

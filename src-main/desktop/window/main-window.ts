import type { BrowserWindow, IpcMainEvent, Rectangle } from 'electron';
import type { ToldToPage } from '../../../shared/ipc.ts';
import { tellPage } from '../ipc/main-ipc.ts';
import { PAGE_ORIGIN } from './page-protocol.ts';
import { openWindow, type WindowOptions } from './window.ts';

type Sender = Readonly<Pick<IpcMainEvent, 'sender' | 'senderFrame'>>;

/** The window that is there or is not, as the rest of main sees it. */
export interface MainWindow {
  /** Brings it to the front; makes it where it was closed. */
  readonly show: () => void;
  /** Makes it, minimised. */
  readonly showMinimized: () => void;
  /** undefined while there is none. */
  readonly current: () => BrowserWindow | undefined;
  /** Whether it was the page in this window that sent that, and no frame within it. */
  readonly isPage: (event: Sender) => boolean;
  readonly tell: <N extends keyof ToldToPage>(channel: N, ...message: ToldToPage[N]) => void;
}

export const createMainWindow = (
  options: () => WindowOptions,
  /** Told when it was made, and with where it stands when it is about to close. */
  on: {
    readonly opened: () => void;
    /** Whether a window that a person closes may go: something else must bring it back. */
    readonly mayClose: () => boolean;
    /** It was closed, might not go, and is minimised. */
    readonly minimized: () => void;
    readonly closing: (where: { readonly bounds: Rectangle; readonly maximized: boolean }) => void;
  },
): MainWindow => {
  let window: BrowserWindow | undefined;
  const open = (isMinimized = false): BrowserWindow => {
    const fresh = openWindow({ ...options(), isMinimized });
    fresh.on('close', (event) => {
      on.closing({ bounds: fresh.getNormalBounds(), maximized: fresh.isMaximized() });
      if (on.mayClose()) return;
      event.preventDefault();
      fresh.minimize();
      on.minimized();
    });
    fresh.on('closed', () => {
      if (window === fresh) window = undefined;
    });
    return fresh;
  };
  return {
    show: () => {
      if (window === undefined) {
        window = open();
        on.opened();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    showMinimized: () => {
      if (window !== undefined) return;
      window = open(true);
      on.opened();
    },
    current: () => window,
    isPage: ({ sender, senderFrame }) =>
      window !== undefined &&
      sender === window.webContents &&
      senderFrame === window.webContents.mainFrame &&
      senderFrame.origin === PAGE_ORIGIN,
    tell: (channel, ...message) => {
      if (window !== undefined) tellPage(window.webContents, channel, ...message);
    },
  };
};

import type { Bridge } from '../../shared/bridge/bridge.ts';
import { DESKTOP_DOOR, type DesktopDoor } from '../../shared/ipc.ts';
import { createDesktopBridge } from './desktop-bridge.ts';
import { createWebBridge } from './web-bridge.ts';

/** Whether this page is the desktop app's own window. */
export const isDesktop = (): boolean => DESKTOP_DOOR in window;

/** By the desktop's door where the preload left one, else by a WebSocket to whoever served this page. */
export const createBridge = (): Bridge => {
  const door = (window as { readonly [DESKTOP_DOOR]?: DesktopDoor })[DESKTOP_DOOR];
  if (door !== undefined) return createDesktopBridge(door);
  return createWebBridge({
    url: new URL('bridge', location.href),
    openSocket: (url) => new WebSocket(url),
    fetch: (url) => fetch(url, { redirect: 'manual' }),
    after: (milliseconds, then) => void setTimeout(then, milliseconds),
  });
};

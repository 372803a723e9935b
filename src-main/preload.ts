import { contextBridge, webUtils } from 'electron';
import type { DesktopDoor } from '../shared/ipc.ts';
import { ask, hear, tell } from './desktop/ipc/preload-ipc.ts';

/** All that the page gets of the desktop. A path never comes by here on its way to the page. */
const door: DesktopDoor = {
  ask: (message) => tell('ask', message),
  listen: (onMessage, onLink) => {
    hear('told', (message) => onMessage(message));
    hear('link', (link) => onLink(link));
    tell('listen');
  },
  dropped: async (files) => {
    const paths = files.map((file) =>
      webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
    );
    return ask(
      'dropped',
      paths.filter((path) => path !== ''),
    );
  },
};

// shared/ipc.ts has this name as DESKTOP_DOOR; importing more than types would bring all of its schemas along.
contextBridge.exposeInMainWorld('ledgerline', door);

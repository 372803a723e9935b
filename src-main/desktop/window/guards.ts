import type { App, Session } from 'electron';

/** A checksum is copied by a button; reading what somebody else copied is another permission. */
const COPY = 'clipboard-sanitized-write';

/** What the page does needs no other permission of the system. */
export const refusePermissions = (
  session: Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >,
): void => {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(permission === COPY));
  session.setPermissionCheckHandler((_contents, permission) => permission === COPY);
  session.setDevicePermissionHandler(() => false);
};

/** Holds for every page that ever comes to be: it stays where it is, opens no window and holds no guest. */
export const guardPages = (app: Pick<App, 'on'>): void => {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
};

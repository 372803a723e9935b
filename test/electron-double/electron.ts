/**
 * A double of Electron, for where its binary cannot be had: what the app's main process may import from `electron`.
 * Windows are pages of a real Chromium with the built preload in them, utility processes are forked Nodes, and the rest
 * keeps what it was told so that a test can look. Each part is held against electron.d.ts, and a test compiles main
 * against this double, so main can use nothing that is not here.
 *
 * It cannot show: the binary and its fuses, the archive that it is packed in, how a tray, a notification, a dialog, a key
 * store or a sleeping computer really behave, start at login, the lock of the single instance, that preload and page
 * live in worlds of their own and the page in a sandbox, whether webRequest sees app://, updates that are installed,
 * another Chromium than the one that is here, native modules inside Electron, memory and time of the start.
 */
export { app } from './app.ts';
export { BrowserWindow, dialog } from './browser-window.ts';
export { clipboard, Menu, MenuItem, Notification, shell, Tray } from './desktop.ts';
export { ipcMain } from './ipc-main.ts';
export { nativeImage, NativeImage } from './native-image.ts';
export { protocol, session } from './session.ts';
export { nativeTheme, powerMonitor, powerSaveBlocker, safeStorage, screen } from './system.ts';
export { UtilityProcess, utilityProcess } from './utility-process.ts';

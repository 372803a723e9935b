import type Electron from 'electron';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emitter, preventable, type Without } from './emitter.ts';
import { world } from './world.ts';

type Members =
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'getPath'
  | 'setPath'
  | 'getName'
  | 'setName'
  | 'getVersion'
  | 'getLocale'
  | 'requestSingleInstanceLock'
  | 'hasSingleInstanceLock'
  | 'releaseSingleInstanceLock'
  | 'setAppUserModelId'
  | 'getLoginItemSettings'
  | 'setLoginItemSettings'
  | 'getSystemLocale'
  | 'getPreferredSystemLanguages'
  | 'isPackaged'
  | 'getAppPath'
  | 'showAboutPanel'
  | 'setAboutPanelOptions'
  | 'dock';

/** A window as the app sees it while it quits. */
export interface Closable {
  /** Whether it is closed now: its page or main may have refused. */
  readonly close: () => void;
  readonly isDestroyed: () => boolean;
}

class App extends Emitter implements Without<Electron.App, Members> {
  readonly windows = new Set<Closable>();
  readonly ended: Promise<void>;
  readonly dock = undefined;
  readonly isPackaged = false;
  #end: () => void;
  #isReady = false;
  #isQuitting = false;
  #name = 'ledgerline';
  readonly #paths = new Map<string, string>();
  #ready: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor() {
    super();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = resolve;
  }

  /** After main's file has been evaluated, and not before: that is when Electron does it. */
  becomeReady(): void {
    this.#isReady = true;
    this.#ready.resolve();
    this.emit('ready', {}, {});
  }
  get isQuitting(): boolean {
    return this.#isQuitting;
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }
  isReady(): boolean {
    return this.#isReady;
  }
  quit(): void {
    if (this.#isQuitting) return this.#quitNow();
    const asked = preventable({});
    this.emit('before-quit', asked);
    if (asked.defaultPrevented) return;
    this.#isQuitting = true;
    for (const window of this.windows) {
      window.close();
      if (!window.isDestroyed()) {
        this.#isQuitting = false;
        return;
      }
    }
    this.#quitNow();
  }
  #quitNow(): void {
    const last = preventable({});
    this.emit('will-quit', last);
    if (!last.defaultPrevented) this.exit();
  }
  exit(code = 0): void {
    this.emit('quit', {}, code);
    this.#end();
  }
  windowGone(window: Closable): void {
    this.windows.delete(window);
    if (this.windows.size > 0 || this.#isQuitting) return;
    if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }

  getPath(name: string): string {
    return this.#paths.get(name) ?? join(tmpdir(), 'ledgerline-electron-double', name);
  }
  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }
  getName(): string {
    return this.#name;
  }
  setName(name: string): void {
    this.#name = name;
  }
  getVersion(): string {
    return '0.1.0';
  }
  getAppPath(): string {
    return process.cwd();
  }
  getLocale(): string {
    return 'en-GB';
  }
  getSystemLocale(): string {
    return 'en-GB';
  }
  getPreferredSystemLanguages(): string[] {
    return ['en-GB'];
  }
  requestSingleInstanceLock(): boolean {
    return !world.isSecond;
  }
  hasSingleInstanceLock(): boolean {
    return !world.isSecond;
  }
  releaseSingleInstanceLock(): void {}
  setAppUserModelId(): void {}
  setAboutPanelOptions(): void {}
  showAboutPanel(): void {}
  getLoginItemSettings(): Electron.LoginItemSettings {
    return {
      openAtLogin: world.loginItem.openAtLogin,
      wasOpenedAtLogin: false,
      status: 'enabled',
      executableWillLaunchAtLogin: world.loginItem.openAtLogin,
      launchItems: [],
    };
  }
  setLoginItemSettings({ openAtLogin = false }: Electron.Settings): void {
    world.loginItem.openAtLogin = openAtLogin;
  }
}

export const app = new App();

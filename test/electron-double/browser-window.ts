import type Electron from 'electron';
import { app } from './app.ts';
import { Emitter, preventable, type Without } from './emitter.ts';
import { WebContents } from './web-contents.ts';
import { world } from './world.ts';

type Members =
  | 'loadURL'
  | 'show'
  | 'hide'
  | 'focus'
  | 'close'
  | 'destroy'
  | 'minimize'
  | 'restore'
  | 'maximize'
  | 'unmaximize'
  | 'isMinimized'
  | 'isMaximized'
  | 'isVisible'
  | 'isDestroyed'
  | 'isFullScreen'
  | 'getBounds'
  | 'getNormalBounds'
  | 'setBounds'
  | 'setBackgroundColor'
  | 'setTitle'
  | 'setProgressBar';

const windows = new Set<BrowserWindow>();

export class BrowserWindow extends Emitter implements Without<Electron.BrowserWindow, Members> {
  readonly webContents: WebContents;
  readonly options: Electron.BrowserWindowConstructorOptions;
  /** What the task bar's button shows. */
  progress = -1;
  #bounds: Electron.Rectangle;
  #state: 'normal' | 'minimized' | 'maximized' = 'normal';
  #isVisible = false;
  #isDestroyed = false;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    this.options = options;
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    this.webContents = new WebContents(options.webPreferences ?? {}, { width, height });
    windows.add(this);
    app.windows.add(this);
    app.emit('web-contents-created', {}, this.webContents);
    app.emit('browser-window-created', {}, this);
  }
  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url);
    if (!this.#isDestroyed) this.emit('ready-to-show');
  }
  close(): void {
    if (this.#isDestroyed) return;
    const event = preventable({});
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }
  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.webContents.isGone = true;
    windows.delete(this);
    void this.webContents.page.then((page) => page.close()).catch(() => undefined);
    this.emit('closed');
    app.windowGone(this);
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  show(): void {
    this.#isVisible = true;
    this.emit('show');
    app.emit('browser-window-focus', {}, this);
  }
  hide(): void {
    this.#isVisible = false;
    this.emit('hide');
  }
  isVisible(): boolean {
    return this.#isVisible;
  }
  focus(): void {
    this.emit('focus');
    app.emit('browser-window-focus', {}, this);
  }
  minimize(): void {
    this.#state = 'minimized';
  }
  maximize(): void {
    this.#state = 'maximized';
  }
  unmaximize(): void {
    this.#state = 'normal';
  }
  restore(): void {
    this.#state = 'normal';
  }
  isMinimized(): boolean {
    return this.#state === 'minimized';
  }
  isMaximized(): boolean {
    return this.#state === 'maximized';
  }
  isFullScreen(): boolean {
    return false;
  }
  getBounds(): Electron.Rectangle {
    return this.#bounds;
  }
  getNormalBounds(): Electron.Rectangle {
    return this.#bounds;
  }
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    this.emit('resize');
  }
  setBackgroundColor(): void {}
  setTitle(): void {}
  setProgressBar(progress: number): void {
    this.progress = progress;
  }
}

/** A person's answer comes from the test; without one they change their mind. */
export const dialog = {
  showOpenDialog: (...given: readonly unknown[]): Promise<Electron.OpenDialogReturnValue> => {
    world.openDialogsShown.push(given.at(-1));
    const answer = world.openDialogs.shift();
    return Promise.resolve({
      canceled: answer?.canceled ?? true,
      filePaths: [...(answer?.filePaths ?? [])],
    });
  },
  showMessageBox: (...given: readonly unknown[]): Promise<Electron.MessageBoxReturnValue> => {
    const { message, detail = '' } = given.at(-1) as Electron.MessageBoxOptions;
    world.messageBoxes.push({ message, detail });
    return Promise.resolve({ response: 0, checkboxChecked: false });
  },
  showErrorBox: (title: string, content: string): void =>
    void world.messageBoxes.push({ message: title, detail: content }),
} satisfies Partial<Electron.Dialog>;

import type Electron from 'electron';
import { Emitter, type Without } from './emitter.ts';
import type { NativeImage } from './native-image.ts';
import { world } from './world.ts';

/** What stands around a window: menu bar, tray, notifications, the system's manager of files and its clipboard. */

export class MenuItem {
  readonly label: string;
  readonly enabled: boolean;
  readonly submenu: Menu | undefined;
  readonly role: string | undefined;
  readonly type: string;
  readonly click: () => void;
  constructor(options: Electron.MenuItemConstructorOptions) {
    this.label = options.label ?? '';
    this.enabled = options.enabled ?? true;
    this.role = options.role;
    this.type = options.type ?? 'normal';
    this.submenu = Array.isArray(options.submenu) ? Menu.buildFromTemplate(options.submenu) : undefined;
    this.click = () => options.click?.(this as never, undefined, {} as never);
  }
}

export class Menu {
  static #applicationMenu: Menu | null = null;
  readonly items: MenuItem[];
  constructor(items: MenuItem[] = []) {
    this.items = items;
  }
  static buildFromTemplate(template: readonly Electron.MenuItemConstructorOptions[]): Menu {
    return new Menu(template.map((options) => new MenuItem(options)));
  }
  static setApplicationMenu(menu: Menu | null): void {
    Menu.#applicationMenu = menu;
  }
  static getApplicationMenu(): Menu | null {
    return Menu.#applicationMenu;
  }
}

const trays: Tray[] = [];
/** Those that are there now. */
export const traysNow = (): readonly Tray[] => trays.filter((tray) => !tray.isDestroyed());

type TrayMembers = 'setToolTip' | 'isDestroyed' | 'destroy';
export class Tray extends Emitter implements Without<Electron.Tray, TrayMembers> {
  image: NativeImage;
  toolTip = '';
  menu: Menu | null = null;
  #isDestroyed = false;
  constructor(image: NativeImage) {
    super();
    this.image = image;
    trays.push(this);
  }
  setImage(image: NativeImage): void {
    this.image = image;
  }
  setToolTip(toolTip: string): void {
    this.toolTip = toolTip;
  }
  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
  }
  destroy(): void {
    this.#isDestroyed = true;
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
}

export class Notification extends Emitter implements Without<Electron.Notification, 'show' | 'close'> {
  readonly #options: Electron.NotificationConstructorOptions;
  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super();
    this.#options = options;
  }
  static isSupported(): boolean {
    return true;
  }
  show(): void {
    const { title = '', body = '' } = this.#options;
    world.notifications.push({ title, body, click: () => void this.emit('click') });
  }
  close(): void {
    this.emit('close');
  }
}

export const shell = {
  showItemInFolder: (path) => void world.shownInFolder.push(path),
  openExternal: (url) => {
    world.openedOutside.push(url);
    return Promise.resolve();
  },
  openPath: (path) => {
    world.openedOutside.push(path);
    return Promise.resolve('');
  },
} satisfies Partial<Electron.Shell>;

export const clipboard = {
  writeText: (text: string): Promise<void> => {
    world.copied.push(text);
    return Promise.resolve();
  },
};

import { describe, expect, test } from 'vitest';
import type { MenuItemConstructorOptions } from 'electron';
import { appMenu, type MenuFacts } from '../../src-main/desktop/menu.ts';

const deeds = () => {
  const done: string[] = [];
  const deed = (name: string) => (): void => void done.push(name);
  return {
    done,
    all: {
      open: deed('open'),
      showAbout: deed('about'),
      showLog: deed('log'),
      copyDiagnostics: deed('diagnostics'),
      checkForUpdates: deed('updates'),
    },
  };
};

const FACTS: MenuFacts = {
  platform: 'linux',
  isPackaged: true,
  updates: { label: 'Look for updates', enabled: true },
};

const items = (menu: readonly MenuItemConstructorOptions[]): readonly MenuItemConstructorOptions[] =>
  menu.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])]);

const click = (menu: readonly MenuItemConstructorOptions[], label: string): void => {
  const item = items(menu).find((one) => one.label === label);
  if (item?.click === undefined) throw new Error(`${label} cannot be clicked`);
  (item.click as () => void)();
};

const roles = (menu: readonly MenuItemConstructorOptions[]) => items(menu).flatMap(({ role }) => role ?? []);

describe('the menu', () => {
  test.each(['linux', 'win32', 'darwin'] as const)(
    'on %s shows the log, copies diagnostics, looks for updates',
    (platform) => {
      const { done, all } = deeds();
      const menu = appMenu({ ...FACTS, platform }, all);
      for (const label of ['Show log', 'Copy diagnostics', 'Look for updates']) click(menu, label);
      expect(done).toEqual(['log', 'diagnostics', 'updates']);
      expect(roles(menu)).toEqual(
        expect.arrayContaining(['editMenu', 'close', 'quit', 'zoomIn', 'resetZoom']),
      );
    },
  );

  test('on macOS begins with the program’s own, and brings the window back', () => {
    const { done, all } = deeds();
    const menu = appMenu({ ...FACTS, platform: 'darwin' }, all);
    expect(menu[0]?.role).toBe('appMenu');
    expect(roles(menu)).toEqual(
      expect.arrayContaining(['about', 'hide', 'hideOthers', 'unhide', 'services', 'windowMenu']),
    );
    click(menu, 'Open Ledgerline');
    expect(done).toEqual(['open']);
  });

  test('elsewhere has About where people look for it', () => {
    const { done, all } = deeds();
    const menu = appMenu(FACTS, all);
    const help = menu.at(-1);
    expect(help?.label).toBe('&Help');
    click([help ?? {}], 'About Ledgerline');
    expect(done).toEqual(['about']);
    expect(roles(menu)).not.toContain('hideOthers');
  });

  test('has the tools of those who build it only where it runs from its sources', () => {
    const { all } = deeds();
    for (const platform of ['linux', 'darwin'] as const) {
      expect(roles(appMenu({ ...FACTS, platform }, all))).not.toContain('toggleDevTools');
      expect(roles(appMenu({ ...FACTS, platform, isPackaged: false }, all))).toContain('toggleDevTools');
    }
  });
});

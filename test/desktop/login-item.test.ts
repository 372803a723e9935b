import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLoginItem, desktopEntry } from '../../src-main/desktop/login-item.ts';
import { testFolder } from '../kit/test-folder.ts';

type ItemSettings = Parameters<Parameters<typeof createLoginItem>[0]['app']['setLoginItemSettings']>[0];

const system = () => {
  const set: ItemSettings[] = [];
  return {
    set,
    getLoginItemSettings: () =>
      ({ openAtLogin: set.at(-1)?.openAtLogin ?? false, wasOpenedAtLogin: true }) as never,
    setLoginItemSettings: (settings: ItemSettings) => void set.push(settings),
  };
};

describe('starting at login', () => {
  test('on Linux is a file where the desktop looks for it, and its absence', () => {
    const home = testFolder('home');
    const app = system();
    const item = createLoginItem({
      app,
      platform: 'linux',
      command: ['/opt/Ledgerline/ledgerline'],
      env: {},
      home,
    });
    const path = join(home, '.config', 'autostart', 'ledgerline.desktop');
    expect(item.isOn()).toBe(false);
    item.set(true);
    expect(item.isOn()).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(/^Exec="\/opt\/Ledgerline\/ledgerline" "--hidden"$/m);
    item.set(false);
    item.set(false);
    expect([item.isOn(), existsSync(path)]).toEqual([false, false]);
    expect(app.set).toEqual([]);
  });

  test('on Linux follows where the desktop keeps its settings', () => {
    const config = testFolder('config');
    const item = createLoginItem({
      app: system(),
      platform: 'linux',
      command: ['/x'],
      env: { XDG_CONFIG_HOME: config },
      home: '/nowhere',
    });
    item.set(true);
    expect(existsSync(join(config, 'autostart', 'ledgerline.desktop'))).toBe(true);
  });

  test('is told from a start by a person', () => {
    const startedSo = (platform: NodeJS.Platform, argv: readonly string[]): boolean =>
      createLoginItem({ app: system(), platform, command: ['/x'], env: {}, home: '/h' }).startedSo(argv);
    expect(startedSo('linux', ['/x', '--hidden'])).toBe(true);
    expect(startedSo('linux', ['/x'])).toBe(false);
    expect(startedSo('win32', ['/x'])).toBe(false);
    // The system itself knows.
    expect(startedSo('darwin', ['/x'])).toBe(true);
  });

  test('a path with odd characters is quoted as the specification wants it', () => {
    expect(desktopEntry(['/home/a b/$x"y`z\\100%/app'])).toContain(
      'Exec="/home/a b/\\\\$x\\\\"y\\\\`z\\\\\\\\100%%/app"\n',
    );
  });

  test('elsewhere is asked of the system and told to it', () => {
    const windows = system();
    const item = createLoginItem({
      app: windows,
      platform: 'win32',
      command: ['C:\\electron.exe', 'C:\\app'],
      env: {},
      home: '',
    });
    expect(item.isOn()).toBe(false);
    item.set(true);
    expect(item.isOn()).toBe(true);
    expect(windows.set).toEqual([
      { path: 'C:\\electron.exe', args: ['C:\\app', '--hidden'], openAtLogin: true },
    ]);
    const mac = system();
    createLoginItem({ app: mac, platform: 'darwin', command: ['/x'], env: {}, home: '' }).set(true);
    expect(mac.set).toEqual([{ openAtLogin: true }]);
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasBattery } from '../../src-main/desktop/battery.ts';
import { openPreferences } from '../../src-main/desktop/preferences.ts';
import { createWishes } from '../../src-main/desktop/wishes.ts';
import { testFolder } from '../kit/test-folder.ts';

const wishes = () => {
  const folder = testFolder('preferences');
  const file = { store: { theme: 'light' } as Record<string, unknown> };
  const store = openPreferences({ folder, open: () => file, onTrouble: () => undefined });
  const nativeTheme = { themeSource: 'system' as 'system' | 'light' | 'dark' };
  let atLogin = false;
  let changes = 0;
  const all = createWishes({
    store,
    nativeTheme,
    loginItem: { isOn: () => atLogin, set: (on) => void (atLogin = on), startedSo: () => false },
    onChange: () => void (changes += 1),
  });
  return {
    all,
    store,
    file,
    nativeTheme,
    setAtLogin: (on: boolean) => void (atLogin = on),
    changes: () => changes,
  };
};

describe('what a person chose of the app', () => {
  test('the theme holds from the start, and changes at once', () => {
    const { all, nativeTheme, changes } = wishes();
    expect(nativeTheme.themeSource).toBe('light');
    expect(all.change({ theme: 'dark' }).theme).toBe('dark');
    expect([nativeTheme.themeSource, changes()]).toEqual(['dark', 1]);
  });

  test('starting at login is what the system says, also when somebody changed it there', () => {
    const { all, setAtLogin, file } = wishes();
    expect(all.change({ startAtLogin: true }).startAtLogin).toBe(true);
    setAtLogin(false);
    expect(all.read().startAtLogin).toBe(false);
    expect(file.store).not.toHaveProperty('startAtLogin');
  });

  test('what is not named stays as it is', () => {
    const { all, store } = wishes();
    all.change({ keepAwake: false });
    all.change({ notifications: false });
    expect(all.read()).toEqual({
      theme: 'light',
      keepAwake: false,
      notifications: false,
      startAtLogin: false,
    });
    expect(store.read()).toMatchObject({ closingTold: false, bounds: null });
  });
});

describe('a battery', () => {
  const supplies = (...listed: readonly Readonly<Record<string, string>>[]): string => {
    const folder = testFolder('supplies');
    listed.forEach((facts, i) => {
      mkdirSync(join(folder, `S${i}`));
      for (const [name, text] of Object.entries(facts))
        writeFileSync(join(folder, `S${i}`, name), `${text}\n`);
    });
    return folder;
  };

  test('is known on Linux: that of the computer, not that of a mouse', () => {
    expect(hasBattery('linux', supplies({ type: 'Mains' }, { type: 'Battery' }))).toBe(true);
    expect(hasBattery('linux', supplies({ type: 'Mains' }, { type: 'Battery', scope: 'Device' }))).toBe(
      false,
    );
    expect(hasBattery('linux', supplies())).toBe(false);
    expect(hasBattery('linux', '/nowhere/at/all')).toBe(false);
  });

  test('is assumed where nobody can tell', () => {
    expect(hasBattery('darwin', supplies())).toBe(true);
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  DEFAULT_PREFERENCES,
  openPreferences,
  PREFERENCES_NAME,
  type PreferenceStore,
} from '../../src-main/desktop/preferences.ts';
import { testFolder } from '../kit/test-folder.ts';

// electron-store asks Electron only where to keep its file, which it is told here.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: 'data:text/javascript,export default {}', shortCircuit: true }
      : next(specifier, context),
});
const { default: ElectronStore } = await import('electron-store');

const open = (
  folder: string,
): { readonly preferences: PreferenceStore; readonly troubles: readonly string[] } => {
  const troubles: string[] = [];
  const preferences = openPreferences({
    folder,
    open: () => new ElectronStore({ cwd: folder, name: PREFERENCES_NAME }),
    onTrouble: (sentence) => void troubles.push(sentence),
  });
  return { preferences, troubles };
};

const fileIn = (folder: string, name = PREFERENCES_NAME): string => join(folder, `${name}.json`);

describe('preferences', () => {
  test('begin with their defaults, and outlive the program', () => {
    const folder = testFolder('preferences');
    const first = open(folder);
    expect(first.preferences.read()).toEqual(DEFAULT_PREFERENCES);
    const bounds = { x: -5, y: 40, width: 900, height: 700, maximized: false };
    first.preferences.change({ theme: 'dark', bounds });
    first.preferences.change({ closingTold: true });
    const { preferences, troubles } = open(folder);
    expect(preferences.read()).toEqual({ ...DEFAULT_PREFERENCES, theme: 'dark', bounds, closingTold: true });
    expect(troubles).toEqual([]);
  });

  test.each([
    ['empty', ''],
    ['cut off', '{"theme": "da'],
    ['of random bytes', '\u0000\u0001\uFFFD{'],
    ['with a value that cannot be', '{"theme": "purple"}'],
    ['no object', '[]7'],
  ])('in a file that is %s are the last good ones, and the log says so', (_what, text) => {
    const folder = testFolder('preferences');
    open(folder).preferences.change({ theme: 'dark' });
    // The backup is made of what was read well, when it is next opened.
    open(folder);
    writeFileSync(fileIn(folder), text);
    const { preferences, troubles } = open(folder);
    expect(preferences.read().theme).toBe('dark');
    expect(troubles).toEqual(['The preferences were damaged; the last good ones are back.']);
    expect(readFileSync(fileIn(folder, 'preferences.damaged'), 'utf8')).toBe(text);
    expect(open(folder).troubles).toEqual([]);
  });

  test('that are damaged with their backup begin anew', () => {
    const folder = testFolder('preferences');
    open(folder).preferences.change({ theme: 'dark' });
    open(folder);
    writeFileSync(fileIn(folder), '{');
    writeFileSync(fileIn(folder, 'preferences.backup'), '{"theme": 7}');
    const { preferences, troubles } = open(folder);
    expect(preferences.read()).toEqual(DEFAULT_PREFERENCES);
    expect(troubles).toEqual([
      'The preferences were damaged, and nothing of them could be saved; they begin anew.',
    ]);
  });

  test('a damaged file never becomes the backup', () => {
    const folder = testFolder('preferences');
    open(folder).preferences.change({ theme: 'light' });
    open(folder);
    const good = readFileSync(fileIn(folder, 'preferences.backup'), 'utf8');
    for (const text of ['{', '{"theme": 7}']) {
      writeFileSync(fileIn(folder), text);
      open(folder);
      expect(JSON.parse(readFileSync(fileIn(folder, 'preferences.backup'), 'utf8'))).toMatchObject(
        JSON.parse(good) as object,
      );
    }
    expect(existsSync(fileIn(folder, 'preferences.damaged'))).toBe(true);
  });

  test('of an older version keep what they say, and have defaults for the rest', () => {
    const folder = testFolder('preferences');
    writeFileSync(fileIn(folder), '{"theme": "light", "somethingOld": 3}');
    const { preferences, troubles } = open(folder);
    expect(preferences.read()).toEqual({ ...DEFAULT_PREFERENCES, theme: 'light' });
    expect(troubles).toEqual([]);
  });
});

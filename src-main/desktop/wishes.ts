import type { NativeTheme } from 'electron';
import type { Preferences, SomePreferences } from '../../shared/bridge/shell.ts';
import type { LoginItem } from './login-item.ts';
import type { PreferenceStore } from './preferences.ts';

/** What a person can choose of the app itself, as the page sees it, and what follows from it. */
export interface Wishes {
  readonly read: () => Preferences;
  readonly change: (some: SomePreferences) => Preferences;
}

export const createWishes = (deps: {
  readonly store: PreferenceStore;
  readonly loginItem: LoginItem;
  readonly nativeTheme: Pick<NativeTheme, 'themeSource'>;
  readonly onChange: () => void;
}): Wishes => {
  const { store, loginItem, nativeTheme } = deps;
  const read = (): Preferences => {
    const { theme, notifications, keepAwake } = store.read();
    return { theme, notifications, keepAwake, startAtLogin: loginItem.isOn() };
  };
  nativeTheme.themeSource = store.read().theme;
  return {
    read,
    change: ({ startAtLogin, theme, notifications, keepAwake }) => {
      if (startAtLogin !== undefined) loginItem.set(startAtLogin);
      store.change({
        ...(theme === undefined ? {} : { theme }),
        ...(notifications === undefined ? {} : { notifications }),
        ...(keepAwake === undefined ? {} : { keepAwake }),
      });
      nativeTheme.themeSource = store.read().theme;
      deps.onChange();
      return read();
    },
  };
};

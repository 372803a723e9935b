import type { Database } from 'better-sqlite3';
import {
  DEFAULT_SETTINGS,
  type Settings,
  settingsSchema,
  type SomeSettings,
  someSettingsSchema,
} from '../../../shared/settings.ts';

export interface LedgerSettings {
  /** What nobody set, and what this program cannot read, has its default. */
  readonly read: () => Settings;
  /** Sets these and leaves the others. */
  readonly write: (some: SomeSettings) => void;
}

export const createSettings = (db: Database): LedgerSettings => {
  const read = readSettings(db);
  const set = db.prepare<[string, string]>(
    'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  return {
    read,
    write: (some) => {
      for (const [name, value] of Object.entries(someSettingsSchema.parse(some)))
        if (value !== undefined) set.run(name, JSON.stringify(value));
    },
  };
};

/** For who does not own the ledger, too: one that an older program made has no settings yet. */
export const readSettings = (db: Database): (() => Settings) => {
  const has = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'setting'").get() !== undefined;
  if (!has) return () => DEFAULT_SETTINGS;
  const all = db.prepare<[], { name: string; value: string }>('SELECT name, value FROM setting');
  return () => all.all().reduce(withSetting, DEFAULT_SETTINGS);
};

/** A newer program may have set what this one does not know. */
const withSetting = (settings: Settings, row: { readonly name: string; readonly value: string }): Settings =>
  settingsSchema.safeParse({ ...settings, [row.name]: JSON.parse(row.value) as unknown }).data ?? settings;

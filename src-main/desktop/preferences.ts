import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { preferencesSchema } from '../../shared/bridge/shell.ts';
import { systemCode } from '../engine/errors.ts';

/** Where the window was, in the system's units. */
const boundsSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
});

const { theme, notifications, keepAwake } = preferencesSchema.shape;
/** What an older version did not know has its default. Whether it starts at login is asked of the system. */
const storedSchema = z.object({
  theme: theme.default('system'),
  notifications: notifications.default(true),
  keepAwake: keepAwake.default(true),
  bounds: boundsSchema.nullable().default(null),
  /** That closing the window ends nothing was said once. */
  closingTold: z.boolean().default(false),
});
export type StoredPreferences = z.infer<typeof storedSchema>;

export const DEFAULT_PREFERENCES: StoredPreferences = storedSchema.parse({});

/** As electron-store has it: reads when it is opened, writes atomically whenever it is set. */
export interface PreferenceFile {
  store: Record<string, unknown>;
}

export interface PreferenceStore {
  readonly read: () => StoredPreferences;
  readonly change: (some: Partial<StoredPreferences>) => StoredPreferences;
}

/** The name of the file, for electron-store; it adds `.json`. */
export const PREFERENCES_NAME = 'preferences';

/**
 * Never fails because of what stands in the file: a damaged one is put aside, and the last good one stands in for it,
 * else the defaults.
 * @param open throws where the file is no JSON
 */
export const openPreferences = (deps: {
  readonly folder: string;
  readonly open: () => PreferenceFile;
  /** One sentence for the log. */
  readonly onTrouble: (sentence: string) => void;
}): PreferenceStore => {
  const path = join(deps.folder, `${PREFERENCES_NAME}.json`);
  const backup = join(deps.folder, `${PREFERENCES_NAME}.backup.json`);

  const load = (): { readonly file: PreferenceFile; readonly values: StoredPreferences } => {
    const file = deps.open();
    return { file, values: storedSchema.parse(file.store) };
  };
  const restore = (): ReturnType<typeof load> => {
    renameSync(path, join(deps.folder, `${PREFERENCES_NAME}.damaged.json`));
    if (existsSync(backup)) {
      copyFileSync(backup, path);
      try {
        const loaded = load();
        deps.onTrouble('The preferences were damaged; the last good ones are back.');
        return loaded;
      } catch {
        renameSync(path, join(deps.folder, `${PREFERENCES_NAME}.damaged.json`));
      }
    }
    deps.onTrouble('The preferences were damaged, and nothing of them could be saved; they begin anew.');
    return load();
  };
  const loadOrRestore = (): ReturnType<typeof load> => {
    try {
      return load();
    } catch (error) {
      // A file that cannot be read at all is another matter than what stands in it.
      if (systemCode(error) !== undefined || !existsSync(path)) throw error;
      return restore();
    }
  };

  const { file, values } = loadOrRestore();
  let current = values;
  if (existsSync(path)) refresh(path, backup);

  return {
    read: () => current,
    change: (some) => {
      current = storedSchema.parse({ ...current, ...some });
      file.store = { ...current };
      return current;
    },
  };
};

/** Never half a backup. */
const refresh = (path: string, backup: string): void => {
  const half = `${backup}.new`;
  copyFileSync(path, half);
  renameSync(half, backup);
};

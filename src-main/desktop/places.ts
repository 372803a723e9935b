import { join } from 'node:path';

/** Where the build put everything, seen from the file that main was built into. */
const BUILT = import.meta.dirname;

export const PLACES = {
  preload: join(BUILT, '..', 'preload', 'preload.cjs'),
  page: join(BUILT, '..', 'renderer'),
  engine: join(BUILT, 'engine.js'),
  helper: join(BUILT, 'helper.js'),
} as const;

/** Chromium's profile and our own preferences: one folder for all that Ledgerline keeps, whoever shows it. */
export const profileFolder = (dataFolder: string): string => join(dataFolder, 'desktop');

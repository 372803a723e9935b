import { DEFAULT_SETTINGS, type Settings, type SomeSettings } from '../../../shared/settings.ts';
import { askOwner } from '../asking-the-owner.ts';
import { readLedger } from '../ledger-reading.ts';

/** As they are in the ledger of that data folder, or would be in a new one. */
export const settingsIn = async (folder: string): Promise<Settings> =>
  (await readLedger(folder, (reader) => reader.settings())) ?? DEFAULT_SETTINGS;

/** At once where nobody is at work, else as soon as who is at work looks. */
export const changeSettings = async (folder: string, settings: SomeSettings): Promise<void> => {
  await askOwner(folder, { kind: 'set', settings });
};

import { onTestFinished } from 'vitest';
import { makeTempFolder, removeFolder } from './temp-folder.ts';

/** A new empty folder that is removed when the test that asked for it is over. */
export const testFolder = (name?: string): string => {
  const folder = makeTempFolder(name);
  onTestFinished(() => removeFolder(folder));
  return folder;
};

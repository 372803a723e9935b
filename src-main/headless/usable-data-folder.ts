import { accessSync, constants, mkdirSync } from 'node:fs';
import { systemCode } from '../engine/errors.ts';
import { DataFolderError } from './errors.ts';

/** Makes the data folder where it is not there yet, and sees to it that we may write there. @throws DataFolderError */
export const makeDataFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(folder, 'write in', error);
  }
};

/** Nothing there is no trouble: then there is nothing to read. @throws DataFolderError */
export const checkReadable = (path: string): void => {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw unusable(path, 'read', error);
  }
};

const unusable = (path: string, what: 'write in' | 'read', error: unknown): unknown => {
  const code = systemCode(error);
  return code === undefined ? error : new DataFolderError(dataFolderWords(path, what, code), { path }, error);
};

export const dataFolderWords = (path: string, what: 'write in' | 'read', code: string): string => {
  const otherwise = 'Choose another folder with --data-dir';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `Ledgerline may not ${what} ${path}. ${otherwise}, or allow your account to ${what} this one.`;
    case 'EROFS':
      return `Ledgerline cannot write in ${path}, as its disk can only be read. ${otherwise}.`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `${path} is no folder, or lies in something that is none. ${otherwise}.`;
    default:
      return `Ledgerline cannot ${what} ${path} (${code}). ${otherwise}.`;
  }
};

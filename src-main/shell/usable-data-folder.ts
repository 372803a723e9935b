import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../engine/errors.ts';
import { DataFolderError } from './errors.ts';

/** Makes the data folder where it is not there yet, and sees to it that we may write there. @throws DataFolderError */
export const makeDataFolder = (folder: string): void => {
  try {
    makeFolders(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(folder, 'write in', error);
  }
};

/**
 * One by one from the nearest that is there: Node's own `recursive` goes round in circles for ever where a file system
 * such as /proc answers that the parent it has just shown is not there.
 */
const makeFolders = (folder: string): void => {
  const missing: string[] = [];
  let there = folder;
  while (!exists(there) && dirname(there) !== there) {
    missing.push(there);
    there = dirname(there);
  }
  for (const path of missing.toReversed()) {
    try {
      mkdirSync(path, { mode: 0o700 });
    } catch (error) {
      // Somebody else may have made it just now.
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
  // A link that leads nowhere cannot be made, and a file is no folder.
  if (!statSync(folder).isDirectory()) throw Object.assign(new Error(folder), { code: 'ENOTDIR' });
};

/** Something that we may not look at is there; what to do about it is told later. */
const exists = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return false;
    throw error;
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
  if (code === undefined) return error;
  const named = code === 'ENOTDIR' || code === 'EEXIST' ? noFolderIn(path) : path;
  return new DataFolderError(dataFolderWords(named, what, code), { path }, error);
};

/** Which part of a path it is that should be a folder and is none: the nearest that is there. */
const noFolderIn = (path: string): string => {
  let part = path;
  while (!exists(part) && dirname(part) !== part) part = dirname(part);
  return part;
};

export const dataFolderWords = (path: string, what: 'write in' | 'read', code: string): string => {
  const otherwise = 'Choose another folder with --data-dir';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `Ledgerline may not ${what} ${path}. ${otherwise}, or allow your account to ${what} this one.`;
    case 'EROFS':
      return `Ledgerline cannot write in ${path}, as its disk can only be read. ${otherwise}.`;
    case 'ENOENT':
      return `${path} cannot be made: the system takes no new folders there. ${otherwise}.`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `${path} is no folder. ${otherwise}.`;
    default:
      return `Ledgerline cannot ${what} ${path} (${code}). ${otherwise}.`;
  }
};

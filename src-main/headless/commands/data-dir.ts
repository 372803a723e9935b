import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { dataFolder } from '../../shell/data-folder.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

/** The data folder that --data-dir names, or the one that is used without it. @throws UsageError */
export const dataFolderFrom = (named: string | undefined, io: Pick<Io, 'env' | 'cwd'>): string => {
  if (named === '') throw new UsageError('--data-dir needs the name of a folder.');
  return resolve(io.cwd, named ?? dataFolder(io.env, process.platform, homedir()));
};

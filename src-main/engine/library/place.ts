import { lstat } from 'node:fs/promises';
import { systemCode } from '../errors.ts';
import type { DiskStat } from './differences.ts';
import { toDiskStat } from './disk-stat.ts';
import { displayPath, joinPath } from './paths.ts';

/** Where a file lies: library (absolute), folder (relative to it) and name, as bytes of the file system. */
export interface Place {
  readonly libraryPath: Uint8Array;
  readonly folderPath: Uint8Array;
  readonly name: Uint8Array;
}

export const pathOnDisk = ({ libraryPath, folderPath, name }: Place): Buffer =>
  joinPath(joinPath(libraryPath, folderPath), name);

/** Relative to the library, fit to be shown. */
export const shownPath = ({ folderPath, name }: Place): string => displayPath(joinPath(folderPath, name));

/** Absolute, fit to be shown. */
export const shownWhole = (place: Place): string => displayPath(pathOnDisk(place));

/** What the disk shows at this place now; undefined when there is no file any more. */
export const statOnDisk = async (place: Place): Promise<DiskStat | undefined> => {
  try {
    const stat = await lstat(pathOnDisk(place), { bigint: true });
    if (!stat.isFile()) return undefined;
    return toDiskStat(stat);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
};

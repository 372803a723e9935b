import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Room on the disk of an archive on this computer, in bytes. */
export interface Room {
  readonly needed: number;
  readonly free: number;
  /** What should stay free. */
  readonly reserve: number;
}

/** What stays free on the disk of an archive on this computer, unless told. */
export const RESERVE_BYTES = 10_000_000_000;

/** @param folder need not be there yet */
export const roomAt = async (folder: string, needed: number, reserve: number): Promise<Room> => {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const { bavail, bsize } = await statfs(there);
  return { needed, free: bavail * bsize, reserve };
};

/** Nothing at all always fits. */
export const isEnough = ({ needed, free, reserve }: Room): boolean =>
  needed === 0 || needed + reserve <= free;

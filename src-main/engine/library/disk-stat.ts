import type { DiskStat } from './differences.ts';

/** What the system tells of a file, in whole numbers. */
export interface SystemStats {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
}

/**
 * The ledger keeps signed 64-bit numbers. Inodes may need the last bit, and times do so before 1677 and after 2262: a
 * broken clock's date must not keep a file, or a library, from being archived. What is told apart stays told apart.
 */
export const signed64 = (value: bigint): bigint => BigInt.asIntN(64, value);

export const toDiskStat = (stats: SystemStats): DiskStat => ({
  byteSize: Number(stats.size),
  mtimeNs: signed64(stats.mtimeNs),
  ctimeNs: signed64(stats.ctimeNs),
  inode: signed64(stats.ino),
});

export const sameStat = (a: DiskStat, b: DiskStat): boolean =>
  a.byteSize === b.byteSize && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.inode === b.inode;

import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { systemCode } from '../errors.ts';
import type { UnreachableReason } from './reasons.ts';

/**
 * Which folder a library's root is, as long as nothing is mounted, unmounted or replaced there; else the reason for
 * which it cannot be looked into. The root itself may be a link: a person chose it.
 */
export const lookAtRoot = async (
  root: Uint8Array,
): Promise<{ readonly identity: string } | { readonly reason: UnreachableReason }> => {
  let stats: BigIntStats;
  try {
    stats = await stat(Buffer.from(root), { bigint: true });
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return { reason: code === 'ENOENT' || code === 'ENOTDIR' ? 'root_missing' : 'root_unreadable' };
  }
  return stats.isDirectory()
    ? { identity: `device ${stats.dev}, inode ${stats.ino}` }
    : { reason: 'root_not_folder' };
};

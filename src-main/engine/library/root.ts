import type { BigIntStats } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
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
    if (stats.isDirectory()) await listSomething(root);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return { reason: code === 'ENOENT' || code === 'ENOTDIR' ? 'root_missing' : 'root_unreadable' };
  }
  return stats.isDirectory()
    ? { identity: `device ${stats.dev}, inode ${stats.ino}` }
    : { reason: 'root_not_folder' };
};

/** Of a share whose server is gone the system may remember for a minute what the root is. To list it, it must ask. */
const listSomething = async (root: Uint8Array): Promise<void> => {
  const folder = await opendir(Buffer.from(root));
  try {
    await folder.read();
  } finally {
    await folder.close();
  }
};

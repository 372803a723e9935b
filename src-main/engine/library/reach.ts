import { readdir } from 'node:fs/promises';
import { systemCode } from '../errors.ts';
import type { UnreachableReason } from './reasons.ts';
import { lookAtRoot } from './root.ts';

/**
 * Why a library that held music cannot be reached now, by a short look; undefined where it can. A folder with nothing
 * in it that was there before is the place at which a disk should be mounted.
 * @param isFamiliar whether a file or folder of this name, directly in the library, is known
 */
export const whyUnreachable = async (
  root: Uint8Array,
  isFamiliar: (name: Uint8Array) => boolean,
): Promise<UnreachableReason | undefined> => {
  const look = await lookAtRoot(root);
  if ('reason' in look) return look.reason;
  const names = await readdir(Buffer.from(root), { encoding: 'buffer' }).catch((error: unknown) => {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  });
  // Whatever keeps us from looking: the library is not there for us.
  if (names === undefined) return 'root_unreadable';
  return names.some(isFamiliar) ? undefined : 'root_empty';
};

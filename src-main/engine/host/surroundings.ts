import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../errors.ts';
import type { Library } from '../ledger/libraries.ts';
import { whyUnreachable } from '../library/reach.ts';
import { UNREACHABLE_REASONS } from '../library/reasons.ts';
import { lookAtRoot } from '../library/root.ts';

/** What the disks show beside the ledger: looked at now and then, told from memory in between. */
export interface Seen {
  /** By library: why it cannot be looked through now, in words. */
  readonly troubles: ReadonlyMap<number, string>;
  /** Of an archive on this computer. */
  readonly bytesFree: number;
  readonly sameDisk: boolean;
}

export const NOTHING_SEEN: Seen = { troubles: new Map(), bytesFree: 0, sameDisk: false };

/** @param isFamiliar whether the library ever held music and, with a name, whether that is known directly in it */
export const lookAround = async (
  archiveFolder: string,
  libraries: readonly Library[],
  isFamiliar: (libraryId: number, name?: Uint8Array) => boolean,
): Promise<Seen> => {
  const folder = nearest(archiveFolder);
  const { bavail, bsize } = await statfs(folder);
  const { dev } = await stat(folder);
  const looks = await Promise.all(
    libraries.map(async ({ id, path }) => ({
      id,
      device: await deviceOf(path),
      trouble: await troubleOf(path, isFamiliar(id) ? (name) => isFamiliar(id, name) : undefined),
    })),
  );
  return {
    bytesFree: bavail * bsize,
    sameDisk: looks.some(({ device }) => device === dev),
    troubles: new Map(looks.flatMap(({ id, trouble }) => (trouble === undefined ? [] : [[id, trouble]]))),
  };
};

/** Before the first run the folder of the archive is not there; its disk is. */
const nearest = (folder: string): string => (existsSync(folder) ? folder : nearest(dirname(folder)));

const deviceOf = async (path: Uint8Array): Promise<number | undefined> => {
  try {
    return (await stat(Buffer.from(path))).dev;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
};

const troubleOf = async (
  path: Uint8Array,
  isFamiliar: ((name: Uint8Array) => boolean) | undefined,
): Promise<string | undefined> => {
  if (isFamiliar !== undefined) {
    const reason = await whyUnreachable(path, isFamiliar);
    return reason === undefined ? undefined : UNREACHABLE_REASONS[reason];
  }
  const look = await lookAtRoot(path);
  return 'reason' in look ? UNREACHABLE_REASONS[look.reason] : undefined;
};

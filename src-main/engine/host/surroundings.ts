import type { Library } from '../ledger/libraries.ts';
import { whyUnreachable } from '../library/reach.ts';
import { UNREACHABLE_REASONS } from '../library/reasons.ts';
import { lookAtRoot } from '../library/root.ts';
import { placeFacts } from './archive-place.ts';

/** What the disks show beside the ledger: looked at now and then, told from memory in between. */
export interface Seen {
  /** By library: why it cannot be looked through now, in words. */
  readonly troubles: ReadonlyMap<number, string>;
  /** Of an archive on this computer. */
  readonly bytesFree: number;
  readonly sameDisk: boolean;
}

export const NOTHING_SEEN: Seen = { troubles: new Map(), bytesFree: 0, sameDisk: false };

/**
 * @param archiveFolder of the archive on this computer; undefined where its disk is away
 * @param isFamiliar whether the library ever held music and, with a name, whether that is known directly in it
 */
export const lookAround = async (
  archiveFolder: string | undefined,
  libraries: readonly Library[],
  isFamiliar: (libraryId: number, name?: Uint8Array) => boolean,
): Promise<Seen> => {
  const facts = archiveFolder === undefined ? undefined : await placeFacts(archiveFolder, libraries);
  const looks = await Promise.all(
    libraries.map(async ({ id, path }) => ({
      id,
      trouble: await troubleOf(path, isFamiliar(id) ? (name) => isFamiliar(id, name) : undefined),
    })),
  );
  return {
    bytesFree: facts?.bytesFree ?? 0,
    sameDisk: facts?.sameDisk ?? false,
    troubles: new Map(looks.flatMap(({ id, trouble }) => (trouble === undefined ? [] : [[id, trouble]]))),
  };
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

import { isUtf8 } from 'node:buffer';
import { existsSync, statSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ArchiveHere } from '../../../shared/bridge/calls.ts';
import type { ChosenArchive } from '../../../shared/settings.ts';
import { EngineError, systemCode } from '../errors.ts';
import type { Library } from '../ledger/libraries.ts';
import { checkApartFromArchive, checkOutsideOfData, LibraryError } from '../library/choose.ts';
import { displayPath } from '../library/paths.ts';

/** What the archive is called in the folder that a person chose for it. */
const NAME = 'Ledgerline archive';
/** No archive is without it. */
const DATABASE = 'archive.db';

/** The archive on this computer is not where it was left: its disk is away, most likely. */
export class ArchiveAwayError extends EngineError {
  readonly code = 'archive_away';
  constructor(folder: string, why: 'nothing' | 'another' = 'nothing') {
    super(
      why === 'nothing'
        ? `The archive is not at ${displayPath(Buffer.from(folder))}. If it is on a disk that is unplugged, connect it again.`
        : `At ${displayPath(Buffer.from(folder))} lies another archive than yours. Connect the disk with yours, or choose the archive again.`,
      { folder, why },
    );
  }
}

/** Where the archive would be kept in a folder that a person chose; the archive itself may be chosen too. @throws LibraryError */
export const archiveFolderAt = (
  chosen: Uint8Array,
  libraries: readonly Library[],
  dataFolder: string,
): string => {
  const bytes = Buffer.from(chosen);
  if (!isUtf8(bytes))
    throw new LibraryError(
      `The name of ${displayPath(chosen)} is not written as text, so the archive cannot be kept there. Please choose another folder.`,
    );
  const path = bytes.toString('utf8');
  checkOutsideOfData(bytes, dataFolder);
  const folder = basename(path) === NAME && isArchiveAt(path) ? path : withinNoArchive(path);
  for (const library of libraries) checkApartFromArchive(library.path, folder);
  return folder;
};

/** A new archive within another one would be a second copy of everything, in what belongs to the first. */
const withinNoArchive = (path: string): string => {
  const around = archiveAround(path);
  if (around === undefined) return join(path, NAME);
  const shown = displayPath(Buffer.from(around));
  throw new LibraryError(
    `${shown} is an archive itself. To go on with that one, name its folder "${NAME}" and choose it; else choose a folder elsewhere.`,
    { archive: shown },
  );
};

const archiveAround = (path: string): string | undefined => {
  if (isArchiveAt(path)) return path;
  const parent = dirname(path);
  return parent === path ? undefined : archiveAround(parent);
};

/** Whether an archive lies there, of whomever. */
export const isArchiveAt = (folder: string): boolean => {
  try {
    return (statSync(join(folder, DATABASE), { throwIfNoEntry: false })?.size ?? 0) > 0;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return false;
  }
};

/** In a folder that a person chose, nothing may be made anew without being asked for. */
export const isAway = (archive: ChosenArchive | null): boolean =>
  archive?.kind === 'here' && archive.folder !== null && !isArchiveAt(archive.folder);

/** What is to be known of a place before it is chosen. `folder` need not be there yet. */
export const placeFacts = async (folder: string, libraries: readonly Library[]): Promise<ArchiveHere> => {
  const there = nearest(folder);
  const { bavail, bsize } = await statfs(there);
  const { dev } = await stat(there);
  const devices = await Promise.all(libraries.map(({ path }) => deviceOf(path)));
  return {
    place: displayPath(Buffer.from(folder)),
    bytesFree: bavail * bsize,
    sameDisk: devices.includes(dev),
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

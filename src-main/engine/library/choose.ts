import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EngineError, systemCode } from '../errors.ts';
import { displayPath, overlaps } from './paths.ts';

/** A folder that cannot become a library. */
export class LibraryError extends EngineError {
  readonly code = 'library_unusable';
}

/**
 * The folder that a person named, as the file system knows it: absolute and without links, so that one folder is one
 * library however it was reached.
 * @throws LibraryError
 */
export const chosenFolder = (named: string, from: string): Uint8Array => {
  const path = resolve(from, named);
  let real: Buffer;
  try {
    real = realpathSync.native(path, 'buffer');
    if (!statSync(real).isDirectory())
      throw new LibraryError(`${named} is a file. Please name a folder of music.`, { named });
  } catch (error) {
    if (error instanceof LibraryError) throw error;
    throw new LibraryError(`${wordsFor(systemCode(error), named)}`, { named }, error);
  }
  return real;
};

/** @throws LibraryError when the folder lies in a library, or a library in it. */
export const checkNoOverlap = (folder: Uint8Array, libraries: readonly Uint8Array[]): void => {
  for (const library of libraries)
    if (!Buffer.from(library).equals(Buffer.from(folder)) && overlaps(folder, library))
      throw new LibraryError(
        `${displayPath(folder)} and the library ${displayPath(library)} lie one in the other. Libraries may not overlap: use the one that holds both, or forget the other first.`,
        { folder: displayPath(folder), library: displayPath(library) },
      );
};

/**
 * A library is only ever read, so what we write lies neither in it nor around it.
 * @param dataFolder absolute; need not be there yet
 * @throws LibraryError
 */
export const checkApartFromData = (folder: Uint8Array, dataFolder: string): void => {
  const data = Buffer.from(realFolderOf(dataFolder));
  if (!overlaps(folder, data)) return;
  const [library, ours] = [displayPath(folder), displayPath(data)];
  throw new LibraryError(
    data.length >= folder.length
      ? `Ledgerline keeps its own data in ${ours}, which is in the library ${library}; nothing is ever written into a library. Choose music folders that do not hold it, or keep that data elsewhere (on the command line with --data-dir).`
      : `${library} lies in ${ours}, where Ledgerline keeps its own data, so it is no library. Name the folder that holds your music.`,
    { folder: library, dataFolder: ours },
  );
};

/** The same for an archive in a folder that a person chose. @throws LibraryError */
export const checkApartFromArchive = (library: Uint8Array, archiveFolder: string): void => {
  const archive = Buffer.from(realFolderOf(archiveFolder));
  if (!overlaps(library, archive)) return;
  const [music, place] = [displayPath(library), displayPath(archive)];
  throw new LibraryError(
    archive.length >= library.length
      ? `The archive would lie at ${place}, in the library ${music}; nothing is ever written into a library. Choose a folder elsewhere.`
      : `${music} lies in ${place}, where the archive is kept, so it is no library. Choose the folder that holds your music.`,
    { library: music, archive: place },
  );
};

/** An archive that lies there would be in the way of what we keep and throw away ourselves. @throws LibraryError */
export const checkOutsideOfData = (folder: Uint8Array, dataFolder: string): void => {
  const data = Buffer.from(realFolderOf(dataFolder));
  if (!overlaps(folder, data) || folder.length < data.length) return;
  const [chosen, ours] = [displayPath(folder), displayPath(data)];
  throw new LibraryError(
    `${chosen} lies in ${ours}, where Ledgerline keeps its own data. Choose a folder elsewhere, or leave the archive where it is kept without a choice.`,
    { folder: chosen, dataFolder: ours },
  );
};

/** Without links, as far as it is there. */
const realFolderOf = (path: string): string => {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const parent = dirname(path);
    if (parent === path || systemCode(error) === undefined) throw error;
    return join(realFolderOf(parent), basename(path));
  }
};

const wordsFor = (code: string | undefined, named: string): string => {
  switch (code) {
    case 'ENOENT':
      return `There is no folder ${named}. Is its disk connected, and the name right?`;
    case 'EACCES':
    case 'EPERM':
      return `The folder ${named} may not be opened by your account.`;
    case undefined:
    default:
      return `The folder ${named} cannot be opened (${code ?? 'unknown reason'}).`;
  }
};

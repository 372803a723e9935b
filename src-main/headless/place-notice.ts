import { stat } from 'node:fs/promises';
import { safeText } from './terminal/safe-text.ts';

/** Says where the archive on this computer is, and that it is no backup where it shares the disk of a library. */
export const placeNotice = async (
  archiveFolder: string,
  libraryPaths: readonly Uint8Array[],
): Promise<string> => {
  const archive = (await stat(archiveFolder)).dev;
  const devices = await Promise.all(libraryPaths.map(async (path) => (await stat(Buffer.from(path))).dev));
  return placeWords(safeText(archiveFolder), devices.includes(archive));
};

export const placeWords = (folder: string, sameDisk: boolean): string =>
  sameDisk
    ? `The archive is on this computer, in ${folder}: on the same disk as your music, so this is a copy and no backup.`
    : `The archive is on this computer, in ${folder}.`;

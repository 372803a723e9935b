import { stat } from 'node:fs/promises';
import type { UsedArchive } from '../engine/ledger/archives.ts';
import { formatsFor } from '../../shared/formats.ts';
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

/** Who leaves --url out by oversight would get a second copy of everything, here; said before anything is sent. */
export const elsewhereWords = ({ url, usedAt }: UsedArchive, now: number): string =>
  `This ledger went to ${safeText(url)} before (last ${formatsFor().past(usedAt, now)}); now it goes to this computer. To go on there, add --url ${safeText(url)}`;

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../errors.ts';
import type { FoundPicture } from './messages.ts';

const FILE = /^([0-9a-f]{32})(?:-grey)?\.webp$/;

export const fileNameOf = (name: string, grey: boolean): string => `${name}${grey ? '-grey' : ''}.webp`;

/** By its content: one picture is kept once, and a name never means another picture. */
export const nameOf = ({ colour }: FoundPicture): string =>
  createHash('sha256').update(colour).digest('hex').slice(0, 32);

/** Writes both files, each whole or not at all. @throws what the disk throws */
export const writePicture = async (folder: string, name: string, picture: FoundPicture): Promise<void> => {
  const write = async (grey: boolean, bytes: Uint8Array): Promise<void> => {
    const path = join(folder, fileNameOf(name, grey));
    await writeFile(`${path}.part`, bytes, { mode: 0o600 });
    await rename(`${path}.part`, path);
  };
  // Somebody may have thrown the whole cache away.
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await write(false, picture.colour);
  await write(true, picture.grey);
};

export const readPicture = async (
  folder: string,
  name: string,
  grey: boolean,
): Promise<Uint8Array | undefined> => {
  try {
    return await readFile(join(folder, fileNameOf(name, grey)));
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return undefined;
  }
};

export const removePicture = async (folder: string, name: string): Promise<void> => {
  for (const grey of [true, false]) await rm(join(folder, fileNameOf(name, grey)), { force: true });
};

/** What was written and then not noted, because the program died in between. */
export const sweep = async (folder: string, isKept: (name: string) => boolean): Promise<void> => {
  for (const file of await readdir(folder)) {
    const name = FILE.exec(file)?.[1];
    const isOurs = name !== undefined || file.endsWith('.webp.part');
    if (isOurs && (name === undefined || !isKept(name))) await rm(join(folder, file), { force: true });
  }
};

import { open, type FileHandle } from 'node:fs/promises';

/** What all files have in common that this process opens: where a test makes the disk fail that no disk here would. */
export const allOpenFiles = async (): Promise<FileHandle> => {
  const handle = await open(import.meta.filename);
  await handle.close();
  return Object.getPrototypeOf(handle);
};

export const systemError = (code: string): Error => Object.assign(new Error(`${code}: made up`), { code });

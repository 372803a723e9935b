import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The whole file or what was there before, whenever the power fails; with these rights from its first byte on. */
export const writeWhole = (path: string, text: string, mode: number): void => {
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.new`;
  // One that was left behind may have other rights, which opening it would keep.
  rmSync(half, { force: true });
  const file = openSync(half, 'wx', mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(half, path);
};

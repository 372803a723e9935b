import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder. Real path, so that it compares equal with what programs find out about it. */
export const makeTempFolder = (name = 'test'): string =>
  mkdtempSync(join(realpathSync(tmpdir()), `ledgerline-${name}-`));

const SLASH = Buffer.from('/');

/**
 * Removes a folder with all that is in it, links not followed. Unlike `rm` of node:fs it also removes names that
 * are no valid text, and what lies in folders that a test has made unreadable.
 */
export const removeFolder = (folder: string | Buffer): void => {
  const path = Buffer.from(folder);
  chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { encoding: 'buffer', withFileTypes: true })) {
    const inner = Buffer.concat([path, SLASH, entry.name]);
    if (entry.isDirectory()) removeFolder(inner);
    else unlinkSync(inner);
  }
  rmdirSync(path);
};

import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What a signature is for. A token made for one use is worth nothing in another. */
export type Purpose = 'blob' | 'put';

const keyFileSchema = z.strictObject({
  /** 32 random bytes in base64. The first one signs; a second one, if there is one, is only still believed. */
  keys: z
    .array(z.base64().refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes'))
    .min(1)
    .max(2),
});

export class KeyFileError extends Error {
  readonly code = 'key_file_invalid';
  override readonly name = 'KeyFileError';
}

/** Keys derived for one purpose, newest first. */
export type KeyRing = (purpose: Purpose) => readonly KeyObject[];

const fileIn = (dataDir: string): string => join(dataDir, 'keys.json');

/** Reads the signing keys of a data folder, and makes them (readable by the owner only) where there are none. */
export const loadKeyRing = (dataDir: string): KeyRing => {
  const file = fileIn(dataDir);
  if (!existsSync(file)) writeKeys(file, [newKey()]);
  const secrets = readKeys(file);
  const derived = new Map<Purpose, readonly KeyObject[]>();
  return (purpose) => {
    const ready = derived.get(purpose) ?? secrets.map((secret) => derive(secret, purpose));
    derived.set(purpose, ready);
    return ready;
  };
};

/** Puts a new key in front. What the key before it signed stays valid until the next rotation. */
export const rotateKeys = (dataDir: string): void => {
  const file = fileIn(dataDir);
  const [current] = existsSync(file) ? readKeys(file) : [];
  writeKeys(file, current === undefined ? [newKey()] : [newKey(), current.toString('base64')]);
};

const newKey = (): string => randomBytes(32).toString('base64');

const derive = (secret: Buffer, purpose: Purpose): KeyObject =>
  createSecretKey(
    Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `ledgerline archive: ${purpose}`, 32)),
  );

const readKeys = (file: string): readonly Buffer[] => {
  try {
    const { keys } = keyFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return keys.map((key) => Buffer.from(key, 'base64'));
  } catch (cause) {
    throw new KeyFileError(
      `The signing keys in ${file} cannot be read. Restore the file from a backup, or move it away: the archive ` +
        'then makes new keys, and uploads that are under way begin again.',
      { cause },
    );
  }
};

const writeKeys = (file: string, keys: readonly string[]): void => {
  const temp = `${file}.new`;
  const descriptor = openSync(temp, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify({ keys })}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temp, file);
};

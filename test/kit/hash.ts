import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;

/** In hex. */
export const sha256Of = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** In base64, as a ticket's `checksum` wants it. */
export const md5Of = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('base64');

/** In hex, chunk by chunk, so that the file may be as large as it likes. */
export const sha256OfFile = (path: string | Buffer): string => {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      hash.update(chunk.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
};

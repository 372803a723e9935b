import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { StoredBytes } from './types.ts';

export interface ReadBody extends StoredBytes {
  /** The line was cut before the body's end, or we cut it ourselves. */
  readonly torn: boolean;
}

interface ReadOptions {
  readonly keepBytes: boolean;
  /** Called with how many bytes have arrived so far, after each piece. */
  readonly onProgress: (bytes: number) => void;
  /** Takes so many bytes and leaves the rest on the line. */
  readonly cutAfter?: number | undefined;
}

/** Reads to the end, or to where the line was cut: that is no error here, but `torn`. */
export const readBody = async (
  request: IncomingMessage,
  { keepBytes, onProgress, cutAfter = Infinity }: ReadOptions,
): Promise<ReadBody> => {
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  const kept: Buffer[] = [];
  let byteSize = 0;
  let torn = false;
  try {
    for await (const arrived of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      const piece = arrived.subarray(0, cutAfter - byteSize);
      sha256.update(piece);
      md5.update(piece);
      if (keepBytes) kept.push(piece);
      byteSize += piece.length;
      onProgress(byteSize);
      torn = byteSize >= cutAfter;
      if (torn) break;
    }
  } catch (error) {
    if (!isCutLine(error)) throw error;
    torn = true;
  }
  return {
    byteSize,
    torn: torn || !request.complete,
    sha256: sha256.digest('hex'),
    checksum: md5.digest('base64'),
    bytes: Buffer.concat(kept),
  };
};

const isCutLine = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE');

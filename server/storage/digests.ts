import { createHash } from 'node:crypto';
import { type Digests, type Expected, StorageError } from './contract.ts';

/** Counts and hashes bytes as they go by, and stops at the first byte too many. */
export const createDigester = (expected: Expected) => {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  const limit = Math.min(expected.byteSize ?? expected.maxByteSize, expected.maxByteSize);
  let byteSize = 0;
  return {
    add(chunk: Buffer): void {
      byteSize += chunk.length;
      if (byteSize > limit) {
        throw expected.byteSize === undefined || limit < expected.byteSize
          ? new StorageError('too_large', `There are more than the ${limit} bytes that are taken.`)
          : new StorageError('length_mismatch', `There are more than the ${limit} bytes announced.`);
      }
      md5.update(chunk);
      sha256.update(chunk);
    },
    /** Throws where the bytes are not what was expected. */
    finish(): Digests {
      const digests = { byteSize, md5: md5.digest('base64'), sha256: sha256.digest('hex') };
      if (expected.byteSize !== undefined && byteSize !== expected.byteSize) {
        throw new StorageError(
          'length_mismatch',
          `There are ${byteSize} bytes, announced were ${expected.byteSize}.`,
        );
      }
      if ((expected.md5 ?? digests.md5) !== digests.md5) {
        throw new StorageError('checksum_mismatch', 'The MD5 differs from the one announced.');
      }
      if ((expected.sha256 ?? digests.sha256) !== digests.sha256) {
        throw new StorageError('checksum_mismatch', 'The SHA-256 differs from the one announced.');
      }
      return digests;
    },
  };
};

/** Reads bytes to their end, keeping none. */
export const digestsOf = async (bytes: AsyncIterable<Buffer>, expected: Expected): Promise<Digests> => {
  const digester = createDigester(expected);
  for await (const chunk of bytes) digester.add(chunk);
  return digester.finish();
};

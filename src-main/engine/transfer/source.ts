import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { EngineError, systemCode } from '../errors.ts';
import type { PlacedTrack } from '../ledger/tracks.ts';
import { sameStat, toDiskStat } from '../library/disk-stat.ts';
import { pathOnDisk } from '../library/place.ts';

/** The file is not any more what was fingerprinted. */
export class FileChangedError extends EngineError {
  readonly code = 'file_changed';
  constructor() {
    super('The file changed after it was read; it will be read again.');
  }
}

export class FileUnreadableError extends EngineError {
  readonly code = 'file_unreadable';
  constructor(cause: unknown) {
    super('The file cannot be read any more.', { system: systemCode(cause) }, cause);
  }
}

/** Bytes to be sent, that are sure to be those that were fingerprinted, or else say so. */
export interface Source {
  readonly body: Uint8Array | Readable;
  /**
   * After the last byte: throws FileChangedError where other bytes went out than were fingerprinted, FileUnreadableError
   * where that cannot be told.
   */
  readonly verify: () => Promise<void>;
  /** After a failed attempt: throws where the file itself was the cause, because it changed or could not be read. */
  readonly recheck: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Files up to this size go from memory, larger ones as a stream. */
export const SMALL_FILE_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** Bytes that were kept since they were hashed. */
export const sourceFromMemory = (bytes: Uint8Array): Source => ({
  body: bytes,
  verify: async () => undefined,
  recheck: async () => undefined,
  close: async () => undefined,
});

/**
 * Opens the track's file anew; its descriptor must show what was fingerprinted, now and after the last byte, and the
 * bytes are hashed again as they go.
 * @throws FileChangedError, FileUnreadableError
 */
export const sourceFromFile = async (track: PlacedTrack, sha256: Uint8Array): Promise<Source> => {
  let handle: FileHandle;
  try {
    handle = await open(pathOnDisk(track), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw new FileUnreadableError(error);
  }
  try {
    await checkSame(handle, track);
    if (track.byteSize > SMALL_FILE_BYTES) return streamOf(handle, track, sha256);
    const bytes = await handle.readFile();
    if (!sameBytes(createHash('sha256').update(bytes).digest(), sha256)) throw new FileChangedError();
    await letGo(handle);
    return sourceFromMemory(bytes);
  } catch (error) {
    await letGo(handle);
    throw error instanceof EngineError ? error : new FileUnreadableError(error);
  }
};

const streamOf = (handle: FileHandle, track: PlacedTrack, sha256: Uint8Array): Source => {
  const hash = createHash('sha256');
  let trouble: EngineError | undefined;
  // Exactly as many bytes as are announced: more would run into the next request, and for fewer the archive would wait.
  async function* hashed(): AsyncGenerator<Uint8Array> {
    let at = 0;
    while (at < track.byteSize) {
      const chunk = await nextChunk(at);
      if (chunk.length === 0) break;
      hash.update(chunk);
      at += chunk.length;
      yield chunk;
    }
    if (at === track.byteSize) return;
    trouble = new FileChangedError();
    throw trouble;
  }
  /** Read by the handle itself: a stream of Node's would close it when the line breaks, and nobody could look again. */
  const nextChunk = async (at: number): Promise<Uint8Array> => {
    try {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, track.byteSize - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      return chunk.subarray(0, bytesRead);
    } catch (error) {
      trouble = new FileUnreadableError(error);
      throw trouble;
    }
  };
  return {
    body: Readable.from(hashed(), { objectMode: false, highWaterMark: CHUNK_BYTES }),
    verify: async () => {
      if (!sameBytes(hash.digest(), sha256)) throw new FileChangedError();
      await checkSame(handle, track);
    },
    recheck: async () => {
      if (trouble !== undefined) throw trouble;
      await checkSame(handle, track);
    },
    close: () => letGo(handle),
  };
};

const checkSame = async (handle: FileHandle, track: PlacedTrack): Promise<void> => {
  const stat = await statOf(handle);
  const same = stat.isFile() && sameStat(toDiskStat(stat), track);
  if (!same) throw new FileChangedError();
};

const statOf = async (handle: FileHandle): Promise<BigIntStats> => {
  try {
    return await handle.stat({ bigint: true });
  } catch (error) {
    throw new FileUnreadableError(error);
  }
};

/** Nothing was written by it: a share that died in between fails the closing too, and nothing is lost by that. */
const letGo = async (handle: FileHandle): Promise<void> => {
  try {
    await handle.close();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
};

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

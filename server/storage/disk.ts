import { randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  linkSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { mkdir, opendir, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Probe } from '../probe.ts';
import { InvalidKeyError, ObjectExistsError, type ObjectStore, StorageError } from './contract.ts';
import { createDigester } from './digests.ts';
import { createFolders } from './disk-folders.ts';
import { createLazyFile } from './lazy-file.ts';

const KEY = /^[0-9a-f]{40}$/;
const QUARANTINE = 'quarantine';

/**
 * Objects as files: `objects/ab/ab…`, written as `tmp/…` first; damaged ones are moved to `quarantine/…`. All must lie
 * in one file system, one that knows hard links: linking is the rename that never replaces.
 *
 * Names, sizes and first bytes are asked for on the spot: the system's cache answers sooner than another thread could
 * be told to ask. What waits for the disk (syncing, long writes and reads) never happens on this thread.
 */
export const createDiskStore = async (root: string, probe: Probe): Promise<ObjectStore> => {
  const objects = join(root, 'objects');
  const temps = join(root, 'tmp');
  await mkdir(temps, { recursive: true, mode: 0o700 });
  await mkdir(objects, { recursive: true, mode: 0o700 });
  const folders = createFolders(objects);
  const besides = createFolders(root);

  const pathOf = (key: string): string => {
    if (!KEY.test(key)) throw new InvalidKeyError('This is not a storage key.');
    return join(objects, folderOf(key), key);
  };

  return {
    newKey: () => randomBytes(20).toString('hex'),

    async put(key, bytes, expected) {
      const path = pathOf(key);
      const temp = join(temps, randomBytes(16).toString('hex'));
      try {
        const digester = createDigester(expected);
        const file = createLazyFile(temp);
        try {
          for await (const chunk of readable(bytes)) {
            digester.add(chunk);
            await file.write(chunk);
          }
          const digests = digester.finish();
          file.flush();
          probe('tmp_written');
          await file.sync();
          probe('fsynced');
          const folder = await folders.ready(folderOf(key));
          try {
            linkSync(temp, path);
          } catch (cause) {
            throw isCode(cause, 'EEXIST') ? new ObjectExistsError(digests, { cause }) : cause;
          }
          await folder.sync();
          probe('renamed');
          return digests;
        } finally {
          file.close();
        }
      } catch (error) {
        throw asStorageError(error);
      } finally {
        removeIfThere(temp);
      }
    },

    async persist(key) {
      if (statIfThere(pathOf(key)) === undefined) return;
      const folder = await folders.ready(folderOf(key));
      await folder.sync();
    },

    async head(key) {
      try {
        const found = statIfThere(pathOf(key));
        return found === undefined ? undefined : { byteSize: found.size };
      } catch (error) {
        throw asStorageError(error);
      }
    },

    read(key, range) {
      const start = range?.start ?? 0;
      const end = range?.length === undefined ? undefined : start + range.length - 1;
      const file = createReadStream(pathOf(key), { start, ...(end === undefined ? {} : { end }) });
      return Readable.from(told(file), { objectMode: false });
    },

    async peek(key, start, length) {
      try {
        const file = openSync(pathOf(key), 'r');
        try {
          const bytes = Buffer.alloc(length);
          return bytes.subarray(0, readSync(file, bytes, 0, length, start));
        } finally {
          closeSync(file);
        }
      } catch (error) {
        throw asStorageError(error);
      }
    },

    async remove(key) {
      try {
        return removeIfThere(pathOf(key));
      } catch (error) {
        throw asStorageError(error);
      }
    },

    async quarantine(key) {
      const path = pathOf(key);
      try {
        const aside = await besides.ready(QUARANTINE);
        // A key may come here twice, when its bytes were sent again and were damaged again.
        if (!renameIfThere(path, join(root, QUARANTINE, `${key}-${randomBytes(4).toString('hex')}`)))
          return false;
        await aside.sync();
        await (await folders.ready(folderOf(key))).sync();
        return true;
      } catch (error) {
        throw asStorageError(error);
      }
    },

    async usage() {
      const { bavail, bsize } = await statfs(root);
      return { freeBytes: bavail * bsize };
    },

    async *list() {
      for (const folder of (await readdir(objects)).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
        for await (const { name } of await opendir(join(objects, folder))) {
          if (KEY.test(name)) yield name;
        }
      }
    },

    withLocalFile: async (key, use) => use(pathOf(key)),

    async sweep() {
      const left = await readdir(temps);
      for (const name of left) removeIfThere(join(temps, name));
      return left.length;
    },

    async close() {
      await folders.close();
      await besides.close();
    },
  };
};

const folderOf = (key: string): string => key.slice(0, 2);

/** The sender's stream, with its ending told apart from trouble of our own. */
async function* readable(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (cause) {
    throw new StorageError('interrupted', 'The sender broke off before the last byte.', { cause });
  }
}

/** A file's bytes, and its trouble in the words of the contract. */
async function* told(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* file;
  } catch (error) {
    throw asStorageError(error);
  }
}

const asStorageError = (error: unknown): Error => {
  if (error instanceof StorageError || error instanceof InvalidKeyError) return error;
  if (isCode(error, 'ENOENT'))
    return new StorageError('object_missing', 'This is not stored.', { cause: error });
  if (isCode(error, 'ENOSPC') || isCode(error, 'EDQUOT') || isCode(error, 'EFBIG')) {
    return new StorageError('storage_full', 'The disk is full.', { cause: error });
  }
  return new StorageError('storage_unavailable', 'The disk cannot be used.', { cause: error });
};

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const removeIfThere = (path: string): boolean => {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
};

const renameIfThere = (from: string, to: string): boolean => {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
};

const statIfThere = (path: string) => statSync(path, { throwIfNoEntry: false });

import { fdatasync, fsync, write } from 'node:fs';
import { promisify } from 'node:util';

/** Files by their plain descriptors: for many small files a FileHandle each costs more than the work itself. */
export const descriptors = {
  write: promisify(write),
  fsync: promisify(fsync),
  fdatasync: promisify(fdatasync),
} as const;

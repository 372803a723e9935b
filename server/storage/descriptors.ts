import { close, fdatasync, fsync, open, read, write } from 'node:fs';
import { promisify } from 'node:util';

/** Files by their plain descriptors: for many small files a FileHandle each costs more than the work itself. */
export const descriptors = {
  open: promisify(open),
  read: promisify(read),
  write: promisify(write),
  fsync: promisify(fsync),
  fdatasync: promisify(fdatasync),
  close: promisify(close),
} as const;

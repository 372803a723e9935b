import { closeSync, openSync, writeSync } from 'node:fs';
import { descriptors } from './descriptors.ts';

/** Small files are written in one go. */
const WRITE_AT_ONCE = 256 * 1024;

/**
 * A new file that is made when there is enough to write. A small one is handed to the system's cache in one call on
 * the spot, which takes less than asking another thread to do it; more than that, and every wait for the disk itself,
 * is left to other threads.
 */
export const createLazyFile = (path: string) => {
  let file: number | undefined;
  let held: Buffer[] = [];
  let heldBytes = 0;

  const takeHeld = (): Buffer => {
    const [only, ...others] = held;
    const all = only === undefined || others.length > 0 ? Buffer.concat(held, heldBytes) : only;
    held = [];
    heldBytes = 0;
    return all;
  };
  const opened = (): number => {
    file ??= openSync(path, 'wx', 0o600);
    return file;
  };

  return {
    async write(chunk: Buffer): Promise<void> {
      held.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes < WRITE_AT_ONCE) return;
      const bytes = takeHeld();
      // A disk that is nearly full takes less than it was given, and only the next write says why.
      for (let at = 0; at < bytes.length;) {
        at += (await descriptors.write(opened(), bytes, at, bytes.length - at)).bytesWritten;
      }
    },
    flush(): void {
      const bytes = takeHeld();
      for (let at = 0; at < bytes.length;) at += writeSync(opened(), bytes, at, bytes.length - at);
    },
    async sync(): Promise<void> {
      await descriptors.fdatasync(opened());
    },
    close(): void {
      if (file !== undefined) closeSync(file);
    },
  };
};

import { descriptors } from './descriptors.ts';

/** Small files are written in one go. */
const WRITE_AT_ONCE = 256 * 1024;

/** A new file that is made when there is enough to write, so that a small one costs one write. */
export const createLazyFile = (path: string) => {
  let file: number | undefined;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const flush = async (): Promise<number> => {
    file ??= await descriptors.open(path, 'wx', 0o600);
    const [first, ...others] = held;
    held = [];
    heldBytes = 0;
    if (first === undefined) return file;
    const all = others.length === 0 ? first : Buffer.concat([first, ...others]);
    // A disk that is nearly full takes less than it was given, and only the next write says why.
    for (let offset = 0; offset < all.length;) {
      offset += (await descriptors.write(file, all, offset, all.length - offset)).bytesWritten;
    }
    return file;
  };
  return {
    async write(chunk: Buffer): Promise<void> {
      held.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes >= WRITE_AT_ONCE) await flush();
    },
    flush: async (): Promise<void> => void (await flush()),
    async sync(): Promise<void> {
      await descriptors.fdatasync(await flush());
    },
    async close(): Promise<void> {
      if (file !== undefined) await descriptors.close(file);
    },
  };
};

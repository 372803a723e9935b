import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { descriptors } from './descriptors.ts';

export interface Folder {
  /** Makes the names in it durable. */
  sync(): Promise<void>;
}

/** The folders that objects are spread over, kept open: each new object is made durable by syncing its folder. */
export const createFolders = (root: string) => {
  const opened = new Map<string, Promise<number | undefined>>();

  const openFolder = async (name: string): Promise<number | undefined> => {
    const path = join(root, name);
    const made = await mkdir(path, { recursive: true, mode: 0o700 });
    // Windows neither opens nor syncs folders; NTFS keeps its own journal of names.
    if (process.platform === 'win32') return undefined;
    if (made !== undefined) await syncOnce(root);
    return openSync(path, 'r');
  };

  return {
    async ready(name: string): Promise<Folder> {
      const pending = opened.get(name) ?? openFolder(name);
      opened.set(name, pending);
      try {
        const folder = await pending;
        return {
          sync: async () => {
            if (folder !== undefined) await descriptors.fsync(folder);
          },
        };
      } catch (error) {
        opened.delete(name);
        throw error;
      }
    },
    async close(): Promise<void> {
      const results = await Promise.allSettled(opened.values());
      opened.clear();
      for (const result of results) {
        if (result.status === 'fulfilled' && result.value !== undefined) closeSync(result.value);
      }
    },
  };
};

const syncOnce = async (path: string): Promise<void> => {
  const folder = openSync(path, 'r');
  try {
    await descriptors.fsync(folder);
  } finally {
    closeSync(folder);
  }
};

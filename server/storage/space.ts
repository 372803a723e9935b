import { Refusal } from '../problems.ts';
import type { ObjectStore } from './contract.ts';

/** What stays free, so that the database can still write and the computer does not choke. */
const RESERVE_BYTES = 64 * 1024 ** 2;
/** A small disk keeps back only a little. */
const RESERVE_SHARE = 0.02;
const FRESH_FOR_MS = 1000;

export interface Space {
  /** Throws a {@link Refusal} (507) where so many more bytes would fill the store up. */
  demand(byteSize: number): Promise<void>;
  freeBytes(): Promise<number | null>;
}

/** Asks the store for its free space at most once a second; the store itself says when it is really full. */
export const createSpace = (store: ObjectStore): Space => {
  let asked: { readonly at: number; readonly free: Promise<number | null> } | undefined;
  const freeBytes = (): Promise<number | null> => {
    const now = performance.now();
    if (asked === undefined || now - asked.at > FRESH_FOR_MS) {
      asked = { at: now, free: store.usage().then((usage) => usage.freeBytes) };
    }
    return asked.free;
  };
  return {
    freeBytes,
    async demand(byteSize) {
      const free = await freeBytes();
      if (free === null) return;
      const reserve = Math.min(RESERVE_BYTES, free * RESERVE_SHARE);
      if (byteSize > free - reserve) {
        throw new Refusal('storage_full', 'The archive has not enough room left for this file.');
      }
    },
  };
};

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../server/storage/contract.ts';
import { md5Of, sha256Of } from './support/audio.ts';

/** A store of its own for each test, and a look at what is really there. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** Things that unfinished uploads left behind. */
  leftovers(): Promise<number>;
  dispose(): Promise<void>;
}

const MAX = { maxByteSize: 1_000_000 };

/** What the archive relies on. Every kind of storage must pass. */
export const storageConformance = (name: string, make: () => Promise<StoreUnderTest>): void => {
  describe(`storage: ${name}`, () => {
    let test: StoreUnderTest;
    let store: ObjectStore;
    beforeEach(async () => {
      test = await make();
      store = test.store;
    });
    afterEach(() => test.dispose());

    async function* chunks(bytes: Buffer, size = 1000): AsyncGenerator<Buffer> {
      for (let at = 0; at < bytes.length; at += size) {
        await sleep(0);
        yield bytes.subarray(at, at + size);
      }
    }
    const readAll = async (key: string, range?: { start: number; length?: number }): Promise<Buffer> => {
      const parts: Buffer[] = [];
      for await (const chunk of store.read(key, range)) parts.push(chunk as Buffer);
      return Buffer.concat(parts);
    };
    const keys = async (): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const key of store.list()) found.push(key);
      return found;
    };

    it('stores bytes, tells what they were, and gives them back whole and in part', async () => {
      for (const length of [1, 999, 1000, 300_000, 1_000_000]) {
        const bytes = randomBytes(length);
        const key = store.newKey();
        const digests = await store.put(key, chunks(bytes, 64_000), MAX);
        expect(digests).toEqual({ byteSize: length, md5: md5Of(bytes), sha256: sha256Of(bytes) });
        expect(await store.head(key)).toEqual({ byteSize: length });
        expect(sha256Of(await readAll(key))).toBe(sha256Of(bytes));
        expect(await store.peek(key, 0, 100)).toEqual(bytes.subarray(0, 100));
      }
      const bytes = randomBytes(5000);
      const key = store.newKey();
      await store.put(key, chunks(bytes), {
        ...MAX,
        byteSize: 5000,
        md5: md5Of(bytes),
        sha256: sha256Of(bytes),
      });
      expect(await readAll(key, { start: 4000 })).toEqual(bytes.subarray(4000));
      expect(await readAll(key, { start: 10, length: 20 })).toEqual(bytes.subarray(10, 30));
      expect(await store.peek(key, 4990, 100)).toEqual(bytes.subarray(4990));
      expect(await store.peek(key, 6000, 100)).toEqual(Buffer.alloc(0));
      expect(await test.leftovers()).toBe(0);
    });

    it('refuses bytes that are not what was announced, and keeps nothing of them', async () => {
      const bytes = randomBytes(5000);
      const cases = [
        [{ ...MAX, byteSize: 4999 }, 'length_mismatch'],
        [{ ...MAX, byteSize: 5001 }, 'length_mismatch'],
        [{ maxByteSize: 4999 }, 'too_large'],
        [{ ...MAX, md5: md5Of(randomBytes(1)) }, 'checksum_mismatch'],
        [{ ...MAX, sha256: sha256Of(randomBytes(1)) }, 'checksum_mismatch'],
      ] as const;
      for (const [expected, code] of cases) {
        const key = store.newKey();
        await expect(store.put(key, chunks(bytes), expected)).rejects.toMatchObject({ code });
        expect(await store.head(key)).toBeUndefined();
      }
      expect(await keys()).toEqual([]);
      expect(await test.leftovers()).toBe(0);
    });

    it('stops reading at the first byte too many', async () => {
      let given = 0;
      async function* endless(): AsyncGenerator<Buffer> {
        for (;;) {
          given += 1000;
          yield Buffer.alloc(1000);
        }
      }
      await expect(store.put(store.newKey(), endless(), { ...MAX, byteSize: 2500 })).rejects.toMatchObject({
        code: 'length_mismatch',
      });
      expect(given).toBe(3000);
    });

    it('keeps nothing when the sender breaks off', async () => {
      async function* broken(): AsyncGenerator<Buffer> {
        yield randomBytes(300_000);
        throw new Error('gone');
      }
      const key = store.newKey();
      await expect(store.put(key, broken(), MAX)).rejects.toMatchObject({ code: 'interrupted' });
      expect(await store.head(key)).toBeUndefined();
      expect(await test.leftovers()).toBe(0);
    });

    it('never replaces what is there, and says what would have been stored', async () => {
      const [first, second] = [randomBytes(2000), randomBytes(2000)];
      const key = store.newKey();
      await store.put(key, chunks(first), MAX);
      await expect(store.put(key, chunks(second), MAX)).rejects.toMatchObject({
        code: 'object_exists',
        sent: { byteSize: 2000, sha256: sha256Of(second) },
      });
      expect(await readAll(key)).toEqual(first);
      expect(await test.leftovers()).toBe(0);
    });

    it('lets exactly one of many put something under a key', async () => {
      const key = store.newKey();
      const bodies = Array.from({ length: 20 }, () => randomBytes(3000));
      const results = await Promise.allSettled(bodies.map((body) => store.put(key, chunks(body), MAX)));
      const won = results.flatMap((result, i) => (result.status === 'fulfilled' ? [bodies[i]] : []));
      expect(won).toHaveLength(1);
      expect(await readAll(key)).toEqual(won[0]);
    });

    it('removes, once, and tells that nothing is there', async () => {
      const key = store.newKey();
      await store.put(key, chunks(randomBytes(10)), MAX);
      expect(await store.remove(key)).toBe(true);
      expect(await store.remove(key)).toBe(false);
      expect(await store.head(key)).toBeUndefined();
      await expect(readAll(key)).rejects.toMatchObject({ name: 'StorageError', code: 'object_missing' });
      await expect(store.peek(key, 0, 1)).rejects.toMatchObject({ code: 'object_missing' });
      await store.persist(key);
    });

    it('puts a damaged object aside: nothing is there any more, and other bytes may come', async () => {
      const [key, kept] = [store.newKey(), store.newKey()];
      await store.put(key, chunks(randomBytes(2000)), MAX);
      await store.put(kept, chunks(randomBytes(10)), MAX);
      expect(await store.quarantine(key)).toBe(true);
      expect(await store.head(key)).toBeUndefined();
      await expect(readAll(key)).rejects.toBeInstanceOf(Error);
      expect(await keys()).toEqual([kept]);
      expect(await store.quarantine(key)).toBe(false);
      expect(await store.remove(key)).toBe(false);

      const again = randomBytes(3000);
      await store.put(key, chunks(again), MAX);
      expect(await readAll(key)).toEqual(again);
      expect(await store.quarantine(key)).toBe(true);
      expect(await keys()).toEqual([kept]);
      await expect(store.quarantine('../x')).rejects.toMatchObject({ code: 'invalid_key' });
      expect(await test.leftovers()).toBe(0);
    });

    it('lists what it holds', async () => {
      const made = [store.newKey(), store.newKey(), store.newKey()];
      for (const key of made) await store.put(key, chunks(randomBytes(10)), MAX);
      expect((await keys()).toSorted()).toEqual(made.toSorted());
    });

    it('gives a file to programs that need one', async () => {
      const { readFile } = await import('node:fs/promises');
      const bytes = randomBytes(5000);
      const key = store.newKey();
      await store.put(key, chunks(bytes), MAX);
      expect(await store.withLocalFile(key, (path) => readFile(path))).toEqual(bytes);
    });

    it('makes keys that nobody guesses and takes no others', async () => {
      const made = new Set(Array.from({ length: 1000 }, () => store.newKey()));
      expect(made.size).toBe(1000);
      for (const key of ['', '../x', '/etc/passwd', '*', 'a\0b', 'A'.repeat(40), '..%2fx', '{a,b}']) {
        await expect(store.head(key)).rejects.toMatchObject({ code: 'invalid_key' });
        await expect(store.put(key, chunks(randomBytes(1)), MAX)).rejects.toMatchObject({
          code: 'invalid_key',
        });
        await expect(store.remove(key)).rejects.toMatchObject({ code: 'invalid_key' });
      }
    });

    it('tells how much room there is, or that it does not know', async () => {
      const { freeBytes } = await store.usage();
      expect(freeBytes === null || freeBytes > 0).toBe(true);
    });
  });
};

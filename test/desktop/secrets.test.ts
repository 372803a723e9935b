import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MEMORY_ONLY, openSecrets } from '../../src-main/desktop/secrets.ts';
import { testFolder } from '../kit/test-folder.ts';
import { waitFor } from '../kit/wait-for.ts';

type Backend = 'basic_text' | 'gnome_libsecret' | 'unknown';

/** A key store with a real cipher, in place of the system's. */
const keyStore = (options: { readonly available?: boolean; readonly backend?: Backend } = {}) => {
  let key = randomBytes(32);
  let rotated = false;
  let encryptions = 0;
  let busy: Promise<void> | undefined;
  return {
    isAsyncEncryptionAvailable: async () => options.available ?? true,
    getSelectedStorageBackend: () => options.backend ?? ('gnome_libsecret' as const),
    encryptStringAsync: async (text: string) => {
      encryptions += 1;
      await busy;
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]);
    },
    decryptStringAsync: async (encrypted: Buffer) => {
      const decipher = createDecipheriv('aes-256-gcm', key, encrypted.subarray(0, 12));
      decipher.setAuthTag(encrypted.subarray(12, 28));
      const result = Buffer.concat([decipher.update(encrypted.subarray(28)), decipher.final()]).toString();
      return { result, shouldReEncrypt: rotated };
    },
    loseKey: () => void (key = randomBytes(32)),
    askToReEncrypt: (is: boolean) => void (rotated = is),
    encryptions: () => encryptions,
    /** Encrypts nothing until what is returned is called. */
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      busy = promise;
      return resolve;
    },
  };
};

const opened = async (
  path: string,
  safeStorage: ReturnType<typeof keyStore>,
  platform: NodeJS.Platform = 'linux',
) => {
  const troubles: string[] = [];
  const secrets = await openSecrets({
    safeStorage,
    platform,
    path,
    onTrouble: (sentence) => void troubles.push(sentence),
  });
  return { secrets, troubles };
};

const pathOf = (): string => join(testFolder('secrets'), 'log-ins.json');

describe('secrets', () => {
  test('outlive the program encrypted, in a file that nobody else may read', async () => {
    const path = pathOf();
    const store = keyStore();
    const { secrets } = await opened(path, store);
    expect(secrets.where).toBe('system');
    await secrets.set('anna https://a.example', 'a precious token');
    const next = await opened(path, store);
    expect(await next.secrets.get('anna https://a.example')).toBe('a precious token');
    expect(await next.secrets.get('somebody else')).toBeUndefined();
    expect(readFileSync(path, 'utf8')).not.toContain('precious');
    // Windows keeps rights elsewhere.
    const rights = process.platform === 'win32' ? 0o600 : statSync(path).mode & 0o777;
    expect(rights).toBe(0o600);
    expect(readdirSync(join(path, '..'))).toEqual(['log-ins.json']);
  });

  test('that are forgotten are gone from the disk', async () => {
    const path = pathOf();
    const store = keyStore();
    const { secrets } = await opened(path, store);
    await secrets.set('one', 'first');
    await secrets.set('two', 'second');
    await secrets.forget('one');
    await secrets.forget('nobody');
    const next = await opened(path, store);
    expect([await next.secrets.get('one'), await next.secrets.get('two')]).toEqual([undefined, 'second']);
    await secrets.set('three', 'third');
    await secrets.forgetAllBut('three');
    expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')) as object)).toEqual(['three']);
    await secrets.forgetAllBut(undefined);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({});
  });

  test('that are forgotten while they are still being encrypted are gone too', async () => {
    const path = pathOf();
    const store = keyStore();
    const { secrets } = await opened(path, store);
    await secrets.set('two', 'second');
    const release = store.hold();
    const asked = [secrets.set('one', 'first'), secrets.forget('one'), secrets.set('two', 'third')];
    release();
    await Promise.all(asked);
    const next = await opened(path, store);
    expect([await next.secrets.get('one'), await next.secrets.get('two')]).toEqual([undefined, 'third']);
  });

  test('that are forgotten while they are encrypted anew are gone too', async () => {
    const path = pathOf();
    const store = keyStore();
    const { secrets } = await opened(path, store);
    await secrets.set('one', 'first');
    store.askToReEncrypt(true);
    const release = store.hold();
    const asked = [secrets.get('one'), secrets.forget('one')];
    // The key store has decrypted, and has yet to encrypt.
    await waitFor('the key store to be asked', () => store.encryptions() === 2 || undefined);
    release();
    expect(await Promise.all(asked)).toEqual(['first', undefined]);
    expect(await (await opened(path, store)).secrets.get('one')).toBeUndefined();
  });

  test('that are forgotten while the key store is away do not come back with it', async () => {
    const path = pathOf();
    const store = keyStore();
    const { secrets } = await opened(path, store);
    await secrets.set('out', 'signed out meanwhile');
    await secrets.set('anew', 'an old token');
    await secrets.set('left', 'alone');
    await secrets.set('former', 'of another account');
    const away = await opened(path, keyStore({ available: false }));
    expect(await away.secrets.get('out')).toBeUndefined();
    await away.secrets.forget('out');
    await away.secrets.set('anew', 'a newer token');
    expect(await away.secrets.get('anew')).toBe('a newer token');
    const back = await opened(path, store);
    expect(await Promise.all(['out', 'anew', 'left'].map(back.secrets.get))).toEqual([
      undefined,
      undefined,
      'alone',
    ]);
    await away.secrets.forgetAllBut('left');
    expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')) as object)).toEqual(['left']);
  });

  test.each([
    ['encrypts with what everybody knows', { backend: 'basic_text' }],
    ['does not say how it encrypts', { backend: 'unknown' }],
    ['cannot encrypt', { available: false }],
  ] as const)('where Linux %s live in memory only, and one sentence says so', async (_what, options) => {
    const path = pathOf();
    const { secrets, troubles } = await opened(path, keyStore(options));
    expect(secrets.where).toBe('memory');
    await secrets.set('anna', 'a precious token');
    expect(await secrets.get('anna')).toBe('a precious token');
    expect(existsSync(path)).toBe(false);
    expect(troubles).toEqual([MEMORY_ONLY]);
  });

  test('on macOS and Windows are the key store’s, whatever Linux would call it', async () => {
    const { secrets } = await opened(pathOf(), keyStore({ backend: 'unknown' }), 'darwin');
    expect(secrets.where).toBe('system');
  });

  test('whose key is gone are as if they had never been kept, without a word of them in the log', async () => {
    const path = pathOf();
    const store = keyStore();
    await (await opened(path, store)).secrets.set('anna', 'a precious token');
    store.loseKey();
    const { secrets, troubles } = await opened(path, store);
    expect(await secrets.get('anna')).toBeUndefined();
    expect(troubles.join()).toMatch(/cannot be decrypted any more/);
    expect(troubles.join()).not.toContain('precious');
    await secrets.set('anna', 'a new one');
    expect(await (await opened(path, store)).secrets.get('anna')).toBe('a new one');
  });

  test('are encrypted anew when the key store asks for it', async () => {
    const path = pathOf();
    const store = keyStore();
    const { secrets } = await opened(path, store);
    await secrets.set('anna', 'a precious token');
    const before = readFileSync(path, 'utf8');
    store.askToReEncrypt(true);
    expect(await secrets.get('anna')).toBe('a precious token');
    store.askToReEncrypt(false);
    expect(readFileSync(path, 'utf8')).not.toBe(before);
    expect(await (await opened(path, store)).secrets.get('anna')).toBe('a precious token');
    expect(store.encryptions()).toBe(2);
  });

  test.each(['', '{', '[]', '{"anna": 7}', '{"anna": "not base64!"}'])(
    'in a file with %j begin anew',
    async (text) => {
      const path = pathOf();
      writeFileSync(path, text);
      const { secrets, troubles } = await opened(path, keyStore());
      expect(await secrets.get('anna')).toBeUndefined();
      expect(troubles).toHaveLength(1);
      await secrets.set('anna', 'new');
      expect(await secrets.get('anna')).toBe('new');
    },
  );
});

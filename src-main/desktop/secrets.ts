import { existsSync, readFileSync } from 'node:fs';
import type { SafeStorage } from 'electron';
import { z } from 'zod';
import { memorySecrets, type Secrets } from '../engine/archive/secrets.ts';
import { createTurns } from '../engine/host/turns.ts';
import { writeWhole } from './write-whole.ts';

export interface DesktopSecrets extends Secrets {
  /** `memory`: this system keeps none, so they last as long as the program. */
  readonly where: 'system' | 'memory';
}

type Storage = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>;

/** By name; base64 of what the system's key store encrypted. */
const fileSchema = z.record(z.string(), z.base64());

export const MEMORY_ONLY =
  'This system has no key store that keeps secrets, so a log-in is kept only as long as Ledgerline runs.';

/**
 * Log-ins, encrypted with a key that the system's key store keeps. Not before the app is ready; may wait for a person
 * who is asked to open the key store. What cannot be decrypted any more is as if it had never been kept. What was asked
 * for last is what holds, however long the key store takes for what was asked before.
 */
export const openSecrets = async (deps: {
  readonly safeStorage: Storage;
  readonly platform: NodeJS.Platform;
  readonly path: string;
  /** One sentence for the log, never with a secret. */
  readonly onTrouble: (sentence: string) => void;
}): Promise<DesktopSecrets> => {
  const { safeStorage, path, onTrouble } = deps;
  const isKept = await isSafe(deps);
  let kept = readKept(path, onTrouble);
  const write = (next: Record<string, string>): void => {
    writeWhole(path, JSON.stringify(next), 0o600);
    kept = next;
  };
  const drop = (isGone: (name: string) => boolean): void => {
    const entries = Object.entries(kept);
    const left = entries.filter(([name]) => !isGone(name));
    if (left.length < entries.length) write(Object.fromEntries(left));
  };
  if (!isKept) {
    onTrouble(MEMORY_ONLY);
    return inMemory(drop);
  }

  const inTurn = createTurns();
  const set = async (name: string, secret: string): Promise<void> => {
    const encrypted = await safeStorage.encryptStringAsync(secret);
    write({ ...kept, [name]: encrypted.toString('base64') });
  };

  const get = async (name: string): Promise<string | undefined> => {
    const encrypted = kept[name];
    if (encrypted === undefined) return undefined;
    try {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(
        Buffer.from(encrypted, 'base64'),
      );
      if (shouldReEncrypt) await set(name, result);
      return result;
    } catch (error) {
      onTrouble(`The log-in that was kept cannot be decrypted any more (${wordsOf(error)}).`);
      return undefined;
    }
  };
  return {
    where: 'system',
    // Reading may write it anew.
    get: (name) => inTurn(() => get(name)),
    set: (name, secret) => inTurn(() => set(name, secret)),
    forget: (name) => inTurn(async () => drop((each) => each === name)),
    forgetAllBut: (name) => inTurn(async () => drop((each) => each !== name)),
  };
};

/** What an earlier start kept is out of date, or to be forgotten, without its key too: the next start may have one. */
const inMemory = (drop: (isGone: (name: string) => boolean) => void): DesktopSecrets => {
  const memory = memorySecrets();
  return {
    where: 'memory',
    get: memory.get,
    set: async (name, secret) => {
      drop((each) => each === name);
      await memory.set(name, secret);
    },
    forget: async (name) => {
      await memory.forget(name);
      drop((each) => each === name);
    },
    forgetAllBut: async (name) => {
      await memory.forgetAllBut(name);
      drop((each) => each !== name);
    },
  };
};

/** On Linux without a key store Chromium encrypts with a password that everybody knows. */
const isSafe = async (deps: {
  readonly safeStorage: Storage;
  readonly platform: NodeJS.Platform;
  readonly onTrouble: (sentence: string) => void;
}): Promise<boolean> => {
  const { safeStorage, platform } = deps;
  try {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return false;
  } catch (error) {
    deps.onTrouble(`The system's key store cannot be opened (${wordsOf(error)}).`);
    return false;
  }
  if (platform !== 'linux') return true;
  const backend = safeStorage.getSelectedStorageBackend();
  return backend !== 'basic_text' && backend !== 'unknown';
};

const readKept = (path: string, onTrouble: (sentence: string) => void): Record<string, string> => {
  if (!existsSync(path)) return {};
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    onTrouble('The file of the log-ins that were kept is damaged; please sign in again.');
    return {};
  }
};

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Opening may wait for a person; nobody else has to wait for that before a log-in is asked for. */
export const secretsOnceOpen = (opening: Promise<Secrets>): Secrets => ({
  get: async (name) => (await opening).get(name),
  set: async (name, secret) => (await opening).set(name, secret),
  forget: async (name) => (await opening).forget(name),
  forgetAllBut: async (name) => (await opening).forgetAllBut(name),
});

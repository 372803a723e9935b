import type Electron from 'electron';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Emitter } from './emitter.ts';
import { world } from './world.ts';

/** What Electron tells and asks of the computer: its colours, its power, its key store. */

class NativeTheme extends Emitter {
  themeSource: Electron.NativeTheme['themeSource'] = 'system';
  get shouldUseDarkColors(): boolean {
    return this.themeSource === 'system' ? world.isDark : this.themeSource === 'dark';
  }
  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return world.isDark;
  }
}
export const nativeTheme = new NativeTheme();

class PowerMonitor extends Emitter {
  get onBatteryPower(): boolean {
    return world.isOnBattery;
  }
  isOnBatteryPower(): boolean {
    return world.isOnBattery;
  }
}
export const powerMonitor = new PowerMonitor();

const blockers = new Set<number>();
let lastBlocker = 0;
export const powerSaveBlocker = {
  start: () => {
    lastBlocker += 1;
    blockers.add(lastBlocker);
    return lastBlocker;
  },
  stop: (id) => blockers.delete(id),
  isStarted: (id) => blockers.has(id),
} satisfies Partial<Electron.PowerSaveBlocker>;
/** Whether the computer is kept awake. */
export const isKeptAwake = (): boolean => blockers.size > 0;

const CIPHER = 'aes-256-gcm';
const KEY = Buffer.alloc(32, 'the key store of nobody');
/** Of this program and all of its launches; really encrypts, so that a search for a secret on the disk means something. */
export const safeStorage = {
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => world.keyStore,
  encryptStringAsync: (plain) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv(CIPHER, KEY, nonce);
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Promise.resolve(Buffer.concat([nonce, cipher.getAuthTag(), body]));
  },
  decryptStringAsync: (encrypted) => {
    const cipher = createDecipheriv(CIPHER, KEY, encrypted.subarray(0, 12));
    cipher.setAuthTag(encrypted.subarray(12, 28));
    const result = Buffer.concat([cipher.update(encrypted.subarray(28)), cipher.final()]).toString('utf8');
    return Promise.resolve({ result, shouldReEncrypt: false });
  },
} satisfies Partial<Electron.SafeStorage>;

/** The one of a laptop. */
export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] as Electron.Display[],
} satisfies Partial<Electron.Screen>;

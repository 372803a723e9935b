import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '../../engine/clock.ts';
import { createTurns } from '../../engine/host/turns.ts';

/** Whether the desktop shows tray icons at all: Windows and macOS always do, on Linux it depends on the desktop. */
export interface TrayHost {
  /** As it was at the last look; false until it is known. */
  readonly isThere: () => boolean;
  readonly look: () => Promise<boolean>;
  /** After a log-in the desktop may come up later than we do: looks until it is there, or for so long. */
  readonly waitFor: (longestMs: number) => Promise<boolean>;
}

const NAME = 'org.kde.StatusNotifierWatcher';
/** Asks the session's bus whether anybody shows what is registered there, as Chromium does. Exits with 1 where nobody is. */
const QUESTION = [
  '--session',
  '--print-reply=literal',
  '--reply-timeout=2000',
  `--dest=${NAME}`,
  '/StatusNotifierWatcher',
  'org.freedesktop.DBus.Properties.Get',
  `string:${NAME}`,
  'string:IsStatusNotifierHostRegistered',
];
const TIMEOUT_MS = 4_000;
const LOOK_AGAIN_MS = 2_000;

export const createTrayHost = (deps: {
  readonly platform: NodeJS.Platform;
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  /** Resolves to what the bus answered; rejects where it did not. */
  readonly ask: () => Promise<string>;
}): TrayHost => {
  const { platform, clock } = deps;
  let isThere = platform !== 'linux';
  // What was asked last is what holds, however long an answer takes.
  const inTurn = createTurns();
  const look = async (): Promise<boolean> => {
    if (platform !== 'linux') return true;
    try {
      isThere = /\bboolean true\b/.test(await deps.ask());
    } catch {
      // No bus, nobody who shows icons, or no way to ask: an icon that cannot be counted on is none.
      isThere = false;
    }
    return isThere;
  };
  const waitUntil = async (end: number): Promise<boolean> => {
    if (await inTurn(look)) return true;
    if (clock.monotonic() >= end) return false;
    await clock.sleep(LOOK_AGAIN_MS);
    return waitUntil(end);
  };
  return {
    isThere: () => isThere,
    look: () => inTurn(look),
    waitFor: (longestMs) => waitUntil(clock.monotonic() + longestMs),
  };
};

/** By the tool that every distribution has beside its bus. */
export const askSessionBus = async (env: NodeJS.ProcessEnv): Promise<string> => {
  const { DBUS_SESSION_BUS_ADDRESS: address = '', XDG_RUNTIME_DIR: runtime = '' } = env;
  // Without a bus the tool would start one.
  if (address === '' && (runtime === '' || !existsSync(join(runtime, 'bus'))))
    throw new Error('There is no session bus');
  const { stdout } = await promisify(execFile)('dbus-send', QUESTION, { env, timeout: TIMEOUT_MS });
  return stdout;
};

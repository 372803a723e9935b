import type { AppUpdater } from 'electron-updater';
import type { Clock } from '../../engine/clock.ts';
import { isNewer, type UpdatePolicy } from './policy.ts';

/** How it stands with updates. */
export type UpdateStanding =
  | { readonly kind: 'off'; readonly reason: string }
  | { readonly kind: 'idle' | 'checking' | 'newest' }
  | { readonly kind: 'fetching' | 'ready'; readonly version: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface Updates {
  readonly standing: () => UpdateStanding;
  /** Looks now; what comes of it is told as a change. */
  readonly check: () => Promise<void>;
  readonly close: () => void;
}

/** As much of electron-updater as is used. */
export type Updater = Pick<
  AppUpdater,
  | 'autoDownload'
  | 'autoInstallOnAppQuit'
  | 'allowDowngrade'
  | 'allowPrerelease'
  | 'checkForUpdates'
  | 'downloadUpdate'
> & {
  readonly on: (
    event: 'update-downloaded',
    listener: (info: { readonly version: string }) => void,
  ) => unknown;
};

const FIRST_MS = 60_000;
const EVERY_MS = 24 * 3_600_000;

export const createUpdates = (deps: {
  readonly policy: UpdatePolicy;
  readonly version: string;
  /** Made only where there are updates at all. */
  readonly updater: () => Promise<Updater>;
  readonly clock: Clock;
  /** It stands otherwise than before. */
  readonly onChange: (standing: UpdateStanding) => void;
  readonly onFault: (error: unknown) => void;
}): Updates => {
  const { policy, version, clock } = deps;
  const ending = new AbortController();
  let standing: UpdateStanding = policy.kind === 'off' ? policy : { kind: 'idle' };
  let ready: Promise<Updater> | undefined;
  let checking: Promise<void> | undefined;

  const set = (next: UpdateStanding): void => {
    standing = next;
    deps.onChange(next);
  };

  const prepare = async (): Promise<Updater> => {
    const updater = await deps.updater();
    updater.autoDownload = false;
    updater.allowPrerelease = false;
    updater.allowDowngrade = false;
    updater.autoInstallOnAppQuit = true;
    updater.on('update-downloaded', (info) => set({ kind: 'ready', version: info.version }));
    return updater;
  };

  const look = async (): Promise<void> => {
    set({ kind: 'checking' });
    try {
      const updater = await (ready ??= prepare());
      const found = (await updater.checkForUpdates())?.updateInfo.version;
      // The server's word alone makes nothing newer.
      if (found === undefined || !isNewer(found, version)) return set({ kind: 'newest' });
      set({ kind: 'fetching', version: found });
      await updater.downloadUpdate();
    } catch (error) {
      deps.onFault(error);
      set({ kind: 'failed', reason: 'The newest version could not be looked up or fetched.' });
    }
  };

  const check = async (): Promise<void> => {
    if (standing.kind === 'off' || standing.kind === 'ready') return;
    await (checking ??= look().finally(() => (checking = undefined)));
  };

  const fromNowOn = async (): Promise<void> => {
    await clock.sleep(FIRST_MS, ending.signal);
    while (!ending.signal.aborted) {
      await check();
      await clock.sleep(EVERY_MS, ending.signal);
    }
  };
  if (policy.kind === 'on') void fromNowOn();

  return { standing: () => standing, check, close: () => ending.abort() };
};

/** The menu's line, and whether it can be asked for. */
export const updateItem = (
  standing: UpdateStanding,
): { readonly label: string; readonly enabled: boolean } => {
  switch (standing.kind) {
    case 'off':
      return { label: 'Updates are off for this build', enabled: true };
    case 'idle':
      return { label: 'Look for updates', enabled: true };
    case 'checking':
      return { label: 'Looking for updates', enabled: false };
    case 'newest':
      return { label: 'No newer version was found; look again', enabled: true };
    case 'fetching':
      return { label: `Fetching version ${standing.version}`, enabled: false };
    case 'ready':
      return { label: `Version ${standing.version} is installed when you quit`, enabled: false };
    case 'failed':
      return { label: 'Updates could not be looked up; try again', enabled: true };
  }
};

export const updateWords = (standing: UpdateStanding): string =>
  'reason' in standing ? standing.reason : updateItem(standing).label;

import type { Stats } from 'node:fs';
import { basename } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { AUDIO_EXTENSIONS, extensionOf } from '../../../shared/audio-types.ts';
import { createHint } from './hint.ts';
import { isSystemFolder } from './left-out.ts';

export interface FolderWatch {
  /** Resolves when every folder is watched for the first time, or watching was given up. */
  readonly ready: Promise<void>;
  readonly close: () => Promise<void>;
}

export interface FolderWatchEvents {
  readonly onNotice: () => void;
  /** Says whether more folders are to be watched after this. */
  readonly onError: (error: unknown) => 'go on' | 'stop';
}

/** Between two folders: so the rest of the program breathes, and what one listing took is free before the next. */
const PAUSE_MS = 2;
/** No folder was found for so long: then all have been. */
const SETTLED_MS = 500;
/** After a folder went away: until things have come to rest. */
const RESTART_QUIET_MS = 2000;

const AUDIO: ReadonlySet<string> = new Set(AUDIO_EXTENSIONS);

/**
 * Watches all folders below one, new ones too, and no file: the system tells of changes in a file through its folder,
 * which chokidar passes on as `raw`. Each folder is a chokidar root of depth 0, given one after the other: a whole
 * tree at once has all its listings in memory together, some 350 MB for 65,000 files, against 40 to 100.
 *
 * When a folder goes away everything is watched anew: chokidar loses events in a root that goes and comes back, or is
 * moved there and back.
 */
export const watchFolders = (root: string, events: FolderWatchEvents, anewEveryMs: number): FolderWatch => {
  const { onNotice, onError } = events;
  let current = watchOnce(root, events, () => restart.notice());
  let restarting = Promise.resolve();
  let isClosed = false;

  const startAnew = async (): Promise<void> => {
    await current.close();
    if (isClosed) return;
    current = watchOnce(root, events, () => restart.notice());
    await current.ready;
    // What changed in between went by unseen.
    onNotice();
  };
  const restart = createHint(
    () => {
      restarting = restarting.then(startAnew).catch((error: unknown) => void onError(error));
    },
    Math.min(RESTART_QUIET_MS, anewEveryMs),
    anewEveryMs,
  );

  return {
    ready: current.ready,
    close: async () => {
      isClosed = true;
      restart.cancel();
      await current.close();
      await restarting;
      await current.close();
    },
  };
};

const watchOnce = (
  root: string,
  { onNotice, onError }: FolderWatchEvents,
  onFolderGone: () => void,
): FolderWatch => {
  const watcher = watch([], {
    depth: 0,
    followSymlinks: false,
    ignorePermissionErrors: true,
    atomic: false,
    ignored: isLeftOut,
  });
  const feeding = feed(watcher, root);
  watcher.on('raw', onNotice);
  watcher.on('unlinkDir', onFolderGone);
  watcher.on('error', (error) => {
    if (onError(error) === 'stop') feeding.stop();
  });
  return {
    ready: feeding.done,
    close: async () => {
      feeding.stop();
      await watcher.close();
    },
  };
};

/** Asked with the path alone first: a name that is music needs no look at the disk. */
const isLeftOut = (path: string, stats?: Stats): boolean => {
  const name = basename(path);
  return stats?.isDirectory() === false || isSystemFolder(name) || AUDIO.has(extensionOf(name));
};

/** Gives the watcher the root and then every folder that it finds in those it has. */
const feed = (
  watcher: FSWatcher,
  root: string,
): { readonly done: Promise<void>; readonly stop: () => void } => {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const known = new Set<string>([root]);
  const waiting: string[] = [root];
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const next = (): void => {
    const folder = waiting.pop();
    if (folder !== undefined) watcher.add(folder);
    timer = waiting.length > 0 ? setTimeout(next, PAUSE_MS) : setTimeout(settle, SETTLED_MS);
  };
  const settle = (): void => {
    timer = undefined;
    resolve();
  };

  watcher.on('addDir', (folder) => {
    if (isStopped || known.has(folder)) return;
    known.add(folder);
    waiting.push(folder);
    if (waiting.length > 1) return;
    clearTimeout(timer);
    timer = setTimeout(next, PAUSE_MS);
  });
  next();
  return {
    done,
    stop: () => {
      isStopped = true;
      waiting.length = 0;
      clearTimeout(timer);
      resolve();
    },
  };
};

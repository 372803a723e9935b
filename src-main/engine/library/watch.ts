import { isUtf8 } from 'node:buffer';
import { systemCode } from '../errors.ts';
import { createHint } from './hint.ts';
import type { PathBytes } from './paths.ts';
import { type FolderWatchEvents, watchFolders } from './watch-folders.ts';

export interface WatchOptions {
  readonly libraries: readonly { readonly id: number; readonly path: PathBytes }[];
  /** Something may have changed in this library: scan it. What changed, and whether, only the scan can tell. */
  readonly onHint: (libraryId: number) => void;
  /** Live watching does not see everything here; called at most once. The scans every so often decide anyway. */
  readonly onLimited: (message: string) => void;
  /** A hint waits for this much quiet. Default 500 ms. */
  readonly quietMs?: number;
  /** Hints for one library come no more often than this, and no later. Default 5,000 ms. */
  readonly everyMs?: number;
  /** After folders went away a library is watched anew, at most so often. Default 30,000 ms. */
  readonly anewEveryMs?: number;
}

export interface LibraryWatch {
  /** Resolves when every folder is watched or cannot be; each library gets a hint then. */
  readonly ready: Promise<void>;
  readonly close: () => Promise<void>;
}

export const LIMITED_MESSAGE =
  'Live watching is limited on this computer; checking every 10 minutes instead.';

/** What the system answers when it has no more watches, handles or memory for them. */
const LIMITS: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EMFILE', 'ENFILE', 'ENOMEM']);

/**
 * Watches libraries for hints. Never throws and is never believed: systems lose events, and their limits on watches
 * are low.
 */
export const watchLibraries = (options: WatchOptions): LibraryWatch => {
  const { libraries, onHint, onLimited, quietMs = 500, everyMs = 5000, anewEveryMs = 30_000 } = options;
  let isLimited = false;
  const limited = (): void => {
    if (isLimited) return;
    isLimited = true;
    onLimited(LIMITED_MESSAGE);
  };

  const watched = libraries.map(({ id, path }) => {
    const hint = createHint(() => onHint(id), quietMs, everyMs);
    // The watcher knows paths as text only.
    if (!isUtf8(path)) {
      limited();
      return { hint, ready: Promise.resolve(), close: () => Promise.resolve() };
    }
    const events: FolderWatchEvents = {
      onNotice: hint.notice,
      onError: (error) => {
        // Whatever it was, events may have been lost.
        hint.notice();
        const isAtLimit = LIMITS.has(systemCode(error));
        if (isAtLimit) limited();
        return isAtLimit ? 'stop' : 'go on';
      },
    };
    const folders = watchFolders(Buffer.from(path).toString('utf8'), events, anewEveryMs);
    // What changed before its folder was watched went by unseen.
    return { hint, ready: folders.ready.then(hint.notice), close: folders.close };
  });

  return {
    ready: Promise.all(watched.map(({ ready }) => ready)).then(() => undefined),
    close: async () => {
      for (const { hint } of watched) hint.cancel();
      await Promise.all(watched.map(({ close }) => close()));
    },
  };
};

import { isUtf8 } from 'node:buffer';
import { type BigIntStats, type Dirent, lstatSync, readdirSync, statSync } from 'node:fs';
import { AUDIO_EXTENSIONS, extensionOf } from '../../../shared/audio-types.ts';
import { systemCode } from '../errors.ts';
import type { SeenEntry } from './compare.ts';
import type { Trouble } from './differences.ts';
import type { SystemStats } from './disk-stat.ts';
import type { Exclusions } from './exclusions.ts';
import { isAppleDouble, isSystemFolder } from './left-out.ts';
import { REASONS, type ReasonCode } from './reasons.ts';

/** What the walk meets; all names and paths have one character for each byte, paths are relative to the root. */
export type Met =
  /** A folder and all the tracks in it, in the order of their bytes. */
  | {
      readonly kind: 'folder';
      readonly folder: string;
      readonly entries: readonly SeenEntry[];
      /** Names of tracks that a person left out; nothing else is known of them. */
      readonly excluded: readonly string[];
    }
  /** A folder that a person left out: it was not looked into. */
  | { readonly kind: 'excluded'; readonly folder: string }
  /** A folder that cannot be looked into, as an entry of the one it lies in. Nothing is known of what is below. */
  | {
      readonly kind: 'unreadable';
      readonly folder: string;
      readonly parent: string;
      readonly entry: SeenEntry;
    }
  /** A folder that was listed and then not there. Nothing is known of what is below. */
  | { readonly kind: 'vanished'; readonly folder: string };

export interface WalkCounts {
  leftOut: number;
  /** Tracks and folders that a person left out. */
  excluded: number;
  /** Files that are no tracks, by extension. */
  readonly others: Map<string, number>;
}

/** The root cannot be listed; `code` is the system's. */
export class RootUnreadableError extends Error {
  readonly code: string;
  constructor(code: string, cause: unknown) {
    super(`The library cannot be listed (${code}).`, { cause });
    this.name = 'RootUnreadableError';
    this.code = code;
  }
}

const AUDIO: ReadonlySet<string> = new Set(AUDIO_EXTENSIONS);
const NO_STATS: SystemStats = { size: 0n, mtimeNs: 0n, ctimeNs: 0n, ino: 0n };
const LONGEST_NAME = 1024;
const SLASH = 0x2f;

/**
 * Walks everything below `root`, depth first in the order of the bytes, so that albums stay together. Synchronous,
 * for a thread of its own: a promise for each file costs more than the disk does. Follows no link and writes nothing.
 * @throws RootUnreadableError
 */
export function* walk(
  root: Uint8Array,
  counts: WalkCounts,
  exclusions?: Exclusions,
): Generator<Met, void, undefined> {
  const waiting: string[] = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const path = absolute(root, folder);
    try {
      const { entries, folders, excluded, excludedFolders } = list(
        path,
        counts,
        excluderIn(folder, exclusions),
      );
      yield { kind: 'folder', folder, entries, excluded };
      for (const name of excludedFolders) yield { kind: 'excluded', folder: below(folder, name) };
      for (const name of folders.toReversed()) waiting.push(below(folder, name));
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      if (folder === '') throw new RootUnreadableError(code, error);
      yield code === 'ENOENT' || code === 'ENOTDIR'
        ? { kind: 'vanished', folder }
        : unreadable(path, folder, code);
    }
  }
}

const below = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

type Excludes = (name: string, isFolder: boolean) => boolean;

const NOTHING_EXCLUDED: Excludes = () => false;

// eslint-disable-next-line no-control-regex -- a name may hold any of them
const ASCII = /^[\x00-\x7f]*$/;

/** Names are bytes here, and lines are text. */
const textOf = (key: string): string =>
  ASCII.test(key) ? key : Buffer.from(key, 'latin1').toString('utf8').normalize('NFC');

const excluderIn = (folder: string, exclusions: Exclusions | undefined): Excludes => {
  if (exclusions === undefined) return NOTHING_EXCLUDED;
  const start = folder === '' ? '' : `${textOf(folder)}/`;
  return (name, isFolder) => exclusions.excludes(start + textOf(name), isFolder);
};

const absolute = (root: Uint8Array, folder: string): Buffer =>
  folder === '' ? Buffer.from(root) : Buffer.concat([root, Buffer.from(`/${folder}`, 'latin1')]);

const unreadable = (path: Buffer, folder: string, code: string): Met => {
  const slash = folder.lastIndexOf('/');
  const stats = tryStat(() => lstatSync(path, { bigint: true })) ?? NO_STATS;
  return {
    kind: 'unreadable',
    folder,
    parent: folder.slice(0, Math.max(slash, 0)),
    entry: { key: folder.slice(slash + 1), stats, trouble: trouble('folder_unreadable', code) },
  };
};

interface Listing {
  readonly entries: SeenEntry[];
  readonly folders: string[];
  readonly excluded: string[];
  readonly excludedFolders: string[];
}

/** Reads one folder whole; throws where it cannot be listed or its entries cannot be looked at. */
const list = (folder: Buffer, counts: WalkCounts, excludes: Excludes): Listing => {
  const listing: Listing = { entries: [], folders: [], excluded: [], excludedFolders: [] };
  const path = Buffer.alloc(folder.length + 1 + LONGEST_NAME, SLASH);
  path.set(folder);
  for (const item of readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })) {
    const key = item.name.toString('latin1');
    if (item.isDirectory()) {
      if (isSystemFolder(key)) counts.leftOut += 1;
      else if (excludes(key, true)) listing.excludedFolders.push(key);
      else listing.folders.push(key);
      continue;
    }
    const extension = extensionOf(key);
    const isTrack = isAppleDouble(key)
      ? false
      : AUDIO.has(extension) || (item.isSymbolicLink() && pointsToFolder(join(path, folder, item.name)));
    if (!isTrack) count(counts.others, isAppleDouble(key) ? '(AppleDouble)' : extension);
    else if (excludes(key, false)) listing.excluded.push(key);
    else {
      const entry = look(item, key, join(path, folder, item.name));
      if (entry !== undefined) listing.entries.push(entry);
    }
  }
  listing.entries.sort(byKey);
  listing.folders.sort();
  counts.excluded += listing.excluded.length + listing.excludedFolders.length;
  return listing;
};

/** The same memory for every name: at 65,000 names the copies would be felt. */
const join = (path: Buffer, folder: Buffer, name: Uint8Array): Buffer => {
  path.set(name, folder.length + 1);
  return path.subarray(0, folder.length + 1 + name.length);
};

const byKey = (a: SeenEntry, b: SeenEntry): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** Undefined where it vanished since it was listed. Throws EACCES: then the whole folder may be listed only. */
const look = (item: Dirent<NonSharedBuffer>, key: string, path: Buffer): SeenEntry | undefined => {
  let stats: BigIntStats | undefined;
  try {
    stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined || code === 'EACCES' || code === 'EPERM') throw error;
    return { key, stats: NO_STATS, trouble: trouble('read_error', code) };
  }
  if (stats === undefined) return undefined;
  const reason = objection(item, stats);
  return reason === undefined ? { key, stats } : { key, stats, trouble: trouble(reason) };
};

const objection = (item: Dirent<NonSharedBuffer>, stats: SystemStats): ReasonCode | undefined => {
  if (item.isSymbolicLink()) return 'link';
  if (!item.isFile()) return 'special';
  // Elsewhere than on Linux a name is text; what is no UTF-8 then is half a character and opens no file.
  if (process.platform !== 'linux' && !isUtf8(item.name)) return 'name_unusable';
  return stats.size === 0n ? 'empty' : undefined;
};

const pointsToFolder = (path: Buffer): boolean => tryStat(() => statSync(path))?.isDirectory() === true;

/** Undefined where the system cannot tell: a broken link, a loop of links, a folder just gone. */
const tryStat = <T>(stat: () => T): T | undefined => {
  try {
    return stat();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
};

const trouble = (reason: ReasonCode, detail?: string): Trouble => ({
  state: REASONS[reason].state,
  reason,
  ...(detail !== undefined && { detail }),
});

/** Anyone can invent extensions; beyond this many they are counted together, so that memory stays flat. */
const MOST_EXTENSIONS = 5000;

const count = (others: Map<string, number>, extension: string): void => {
  const plain =
    extension === '' ? '(none)' : /^[a-z0-9_+-]{1,16}$|^\(/.test(extension) ? extension : '(rest)';
  const key = others.has(plain) || others.size < MOST_EXTENSIONS ? plain : '(rest)';
  others.set(key, (others.get(key) ?? 0) + 1);
};

import { randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Browsed, PageFolder } from '../../shared/bridge/calls.ts';
import { systemCode } from '../engine/errors.ts';
import type { Folders } from '../engine/host/folders.ts';
import { displayPath, joinPath, overlaps, toKey } from '../engine/library/paths.ts';

const DOT = 0x2e;

/** Folders to choose from, and those that a person named in another way: by the system's dialog, or by dropping them. */
export interface OfferedFolders extends Folders {
  /** From now on it may be chosen, wherever it lies. Undefined where it is no folder. */
  readonly offer: (path: Buffer) => Promise<PageFolder | undefined>;
}

/**
 * The folders below certain roots. What a page gets are references, kept in memory, that mean nothing elsewhere; where
 * one leads is looked at anew each time, so that a link put there in between leads nobody out of the roots.
 * @param roots absolute; those that are not there are left out
 */
export const createFolders = (roots: readonly string[]): OfferedFolders => {
  /** By key, what a person chose outside of the roots. */
  const offered = new Map<string, Buffer>();
  const pathByRef = new Map<string, Buffer>();
  const refByPath = new Map<string, string>();

  const refOf = (path: Buffer): string => {
    const key = toKey(path);
    const known = refByPath.get(key);
    if (known !== undefined) return known;
    const ref = randomBytes(16).toString('base64url');
    refByPath.set(key, ref);
    pathByRef.set(ref, path);
    return ref;
  };

  const rootsNow = async (): Promise<readonly Buffer[]> => {
    const real = await Promise.all(roots.map((root) => realFolder(Buffer.from(root))));
    return real.filter(
      (path, i) => path !== undefined && real.findIndex((p) => p?.equals(path)) === i,
    ) as Buffer[];
  };

  const within = async (path: Buffer): Promise<boolean> =>
    [...(await rootsNow()), ...offered.values()].some(
      (root) => overlaps(root, path) && path.length >= root.length,
    );

  /** Where it leads now, if that is a folder below a root. */
  const checked = async (path: Buffer): Promise<Buffer | undefined> => {
    const real = await realFolder(path);
    return real !== undefined && (await within(real)) ? real : undefined;
  };

  const folderOf = (path: Buffer, name: Buffer): PageFolder => ({
    ref: refOf(path),
    name: displayPath(name),
  });

  const places = async (trouble: string | null = null): Promise<Browsed> => {
    const folders = (await rootsNow()).map((root) => folderOf(root, root));
    const nowhere = folders.length === 0 ? 'None of the folders that may be looked into is there.' : null;
    return { here: null, parent: null, folders, trouble: trouble ?? nowhere };
  };

  const childOf = async (here: Buffer, entry: Dirent<Buffer>): Promise<PageFolder | undefined> => {
    if (entry.name[0] === DOT || !(entry.isDirectory() || entry.isSymbolicLink())) return undefined;
    const path = joinPath(here, entry.name);
    const real = entry.isDirectory() ? path : await checked(path);
    return real === undefined ? undefined : folderOf(real, entry.name);
  };

  const listed = async (here: Buffer): Promise<Browsed> => {
    const isRoot = (await rootsNow()).some((root) => root.equals(here));
    const shown = {
      here: { ref: refOf(here), path: displayPath(here) },
      parent: isRoot ? null : refOf(parentOf(here)),
    };
    try {
      const entries = await readdir(here, { withFileTypes: true, encoding: 'buffer' });
      const children = await Promise.all(entries.map((entry) => childOf(here, entry)));
      const folders = children.filter((child) => child !== undefined).toSorted(byName);
      return { ...shown, folders, trouble: null };
    } catch (error) {
      return { ...shown, folders: [], trouble: troubleWords(error) };
    }
  };

  return {
    browse: async (ref) => {
      if (ref === null) return places();
      const path = pathByRef.get(ref);
      const real = path === undefined ? undefined : await checked(path);
      return real === undefined ? places('This folder is not there any more.') : listed(real);
    },
    pathOf: async (ref) => {
      const path = pathByRef.get(ref);
      return path === undefined ? undefined : checked(path);
    },
    offer: async (path) => {
      const real = await realFolder(path);
      if (real === undefined) return undefined;
      offered.set(toKey(real), real);
      return folderOf(real, real);
    },
  };
};

const COLLATOR = new Intl.Collator(undefined, { numeric: true });
const byName = (one: PageFolder, other: PageFolder): number => COLLATOR.compare(one.name, other.name);

/** Bytes that are no UTF-8 must come through, which `dirname` does not let them. */
const parentOf = (path: Buffer): Buffer => Buffer.from(dirname(path.toString('latin1')), 'latin1');

const realFolder = async (path: Buffer): Promise<Buffer | undefined> => {
  try {
    const real = await realpath(path, { encoding: 'buffer' });
    return (await stat(real)).isDirectory() ? real : undefined;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
};

const troubleWords = (error: unknown): string => {
  const code = systemCode(error);
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'Your account may not look into this folder.';
    case undefined:
      throw error;
    default:
      return `This folder cannot be opened (${code}).`;
  }
};

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean,
 *   link?: boolean, os?: string | string[], cpu?: string | string[], libc?: string | string[] }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 * @typedef {{ dev: boolean, platform: string, arch: string }} Wanted
 * @typedef {{ lock: string, installed: string, platform: string, dev: boolean }} Stamp
 */

const STAMP = '.ledgerline-installed';

/** @param {string} text */
const hash = (text) => createHash('sha256').update(text).digest('hex');

/**
 * @param {string} path
 * @returns {string | undefined} undefined where there is no such file
 */
const readIfThere = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
};

/**
 * @param {string | string[] | undefined} allowed npm's `os` and `cpu`: names, or names with `!`
 * @param {string} own
 */
const admits = (allowed, own) => {
  if (allowed === undefined) return true;
  const names = [allowed].flat();
  if (names.includes(`!${own}`)) return false;
  const positive = names.filter((name) => !name.startsWith('!'));
  return positive.length === 0 || positive.includes(own);
};

/**
 * Whether what npm says it installed is what the lockfile asks for, on this platform.
 * Packages bound to one C library are left out: which of them npm took cannot be told from here.
 * @param {Lock} lock package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json, npm's own record
 * @param {Wanted} wanted
 * @returns {boolean}
 */
export const holdsAll = (lock, installed, { dev, platform, arch }) =>
  Object.entries(lock.packages).every(([place, { version, ...wanted }]) => {
    if (place === '' || wanted.link) return true;
    if (!dev && (wanted.dev || wanted.devOptional)) return true;
    const bound = wanted.os !== undefined || wanted.cpu !== undefined;
    const left = wanted.optional || wanted.devOptional;
    if (left && (!bound || wanted.libc !== undefined)) return true;
    if (left && !(admits(wanted.os, platform) && admits(wanted.cpu, arch))) return true;
    return installed.packages[place]?.version === version;
  });

/**
 * @param {string} root
 * @param {Wanted} wanted
 * @returns {boolean} false also where node_modules is missing or an installation broke off
 */
export const isInstalled = (root, wanted) => {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  // npm writes this record last, so a broken installation has none.
  const installed = readIfThere(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return false;
  if (isStamped(root, lock, installed, wanted)) return true;
  if (!holdsAll(JSON.parse(lock), JSON.parse(installed), wanted)) return false;
  writeStamp(root, wanted);
  return true;
};

/**
 * @param {string} root
 * @param {string} lock
 * @param {string} installed
 * @param {Wanted} wanted
 */
const isStamped = (root, lock, installed, wanted) => {
  const text = readIfThere(join(root, 'node_modules', STAMP));
  if (text === undefined) return false;
  const stamp = parseStamp(text);
  return (
    stamp?.lock === hash(lock) &&
    stamp.installed === hash(installed) &&
    stamp.platform === `${wanted.platform}-${wanted.arch}` &&
    (stamp.dev || !wanted.dev)
  );
};

/**
 * @param {string} text
 * @returns {Stamp | undefined} undefined for a stamp that was cut short: the packages are then compared one by one
 */
const parseStamp = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Notes which lockfile was installed, so that the next start need not compare package by package.
 * @param {string} root
 * @param {Wanted} wanted
 */
export const writeStamp = (root, wanted) => {
  /** @type {Stamp} */
  const stamp = {
    lock: hash(readFileSync(join(root, 'package-lock.json'), 'utf8')),
    installed: hash(readIfThere(join(root, 'node_modules', '.package-lock.json')) ?? ''),
    platform: `${wanted.platform}-${wanted.arch}`,
    dev: wanted.dev,
  };
  try {
    writeFileSync(join(root, 'node_modules', STAMP), JSON.stringify(stamp));
  } catch (error) {
    // Installed by an administrator, started by somebody else: the comparison is simply made each time.
    if (
      error instanceof Error &&
      'code' in error &&
      ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code))
    )
      return;
    throw error;
  }
};

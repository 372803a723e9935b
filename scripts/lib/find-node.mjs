import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { satisfies } from './versions.mjs';

/** @typedef {import('./versions.mjs').NodeProgram} NodeProgram */

/**
 * Where another Node may be: the optional package of this platform first, then each folder of PATH.
 * @param {{ root: string, env: NodeJS.ProcessEnv, platform: string, arch: string }} place
 * @returns {string[]}
 */
export const nodeCandidates = ({ root, env, platform, arch }) => {
  const name = platform === 'win32' ? 'node.exe' : 'node';
  const packaged = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = [
    join(root, 'node_modules', packaged, 'bin', name),
    ...folders.map((folder) => join(folder, name)),
  ];
  return [...new Set(paths)];
};

/**
 * The running Node when it will do, else the first candidate that will.
 * @param {{ running: NodeProgram, candidates: readonly string[], range: string,
 *   versionOf: (path: string) => string | undefined }} choice
 * @returns {NodeProgram | undefined}
 */
export const chooseNode = ({ running, candidates, range, versionOf }) => {
  if (satisfies(running.version, range)) return running;
  for (const path of candidates) {
    const version = versionOf(path);
    if (version !== undefined && satisfies(version, range)) return { path, version };
  }
  return undefined;
};

/**
 * Asks the program itself: a file may be there and still not run here (another processor, another C library).
 * @param {string} path
 * @returns {string | undefined}
 */
export const versionOf = (path) => {
  if (!existsSync(path)) return undefined;
  try {
    const answer = execFileSync(path, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    });
    return /^v\d+\.\d+\.\d+/.test(answer) ? answer.trim() : undefined;
  } catch {
    // It does not run here: the next candidate is asked.
    return undefined;
  }
};

/**
 * @param {string} root
 * @param {string} range
 * @returns {NodeProgram | undefined}
 */
export const findNode = (root, range) =>
  chooseNode({
    running: { path: process.execPath, version: process.version },
    candidates: nodeCandidates({ root, env: process.env, platform: process.platform, arch: process.arch }),
    range,
    versionOf,
  });

/**
 * @param {string} range
 * @param {string} version the Node that is here
 * @param {string} platform
 */
export const nodeMissingMessage = (range, version, platform) =>
  `Ledgerline needs Node ${range.replaceAll('||', 'or')}; this is ${version}. ` +
  (platform === 'darwin'
    ? 'Install Node 24 (brew install node@24, or https://nodejs.org) and start again.'
    : 'Install Node 24 (https://nodejs.org) and start again.');

/**
 * PATH without this project's own programs: what npm starts must survive that npm replaces node_modules.
 * @param {string} path
 * @param {string} root
 */
export const withoutOwnPrograms = (path, root) =>
  path
    .split(delimiter)
    .filter((folder) => !`${folder}${sep}`.startsWith(join(root, 'node_modules') + sep))
    .join(delimiter);

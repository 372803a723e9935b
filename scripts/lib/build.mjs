import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runForwarding } from './child.mjs';
import { takeLock } from './install-lock.mjs';

/**
 * @typedef {{
 *   readonly name: string,
 *   readonly sources: readonly string[],
 *   readonly folders: Readonly<Record<string, string>>,
 *   readonly command: (root: string, folder: string) => readonly string[],
 * }} Part `sources`: what it is made of; `folders`: those of out/ that it fills, each with the file by whose age it is known
 */

/** What is built from the sources could not be. */
export class BuildFailed extends Error {
  code = 'build_failed';

  /** @param {string} name @param {string} output what the build printed */
  constructor(name, output) {
    super(`Ledgerline could not build its ${name}. The build says:`);
    this.output = output;
  }
}

/** What is built would have to be put where this account may not write. */
export class BuildForbidden extends Error {
  code = 'build_forbidden';

  /**
   * @param {string} name
   * @param {string} out
   * @param {unknown} cause
   */
  constructor(name, out, cause) {
    super(
      `Ledgerline's ${name} is to be built, and this account may not write to ${out}. ` +
        'Start it once as the owner of that folder, or give the folder to this account.',
      { cause },
    );
  }
}

/** The person, or the system, asked to stop while it was being built. */
export class BuildStopped extends Error {
  code = 'build_stopped';

  /** @param {string} name @param {NodeJS.Signals} signal */
  constructor(name, signal) {
    super(`Stopped before the ${name} was built; the next start builds it.`);
    this.signal = signal;
  }
}

const PAGE_SOURCES = ['src-renderer', 'shared', 'vite.config.ts', 'package-lock.json'];

/** @type {Part} */
export const PAGE = {
  name: 'page',
  sources: PAGE_SOURCES,
  folders: { renderer: 'index.html' },
  command: (root, folder) => [
    join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
    'build',
    '--outDir',
    join(folder, 'renderer'),
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ],
};

/** The page and the programs around it. @type {Part} */
export const DESKTOP = {
  name: 'desktop app',
  sources: [...PAGE_SOURCES, 'src-main', 'server'],
  folders: { renderer: 'index.html', main: 'main.js', preload: 'preload.cjs' },
  command: (root, folder) => [join(root, 'scripts', 'build-desktop.mjs'), folder],
};

/** @param {string} path @returns {number} when the newest thing in there changed; 0 where there is nothing */
const newest = (path) => {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A folder changes when something is taken out of it.
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
};

/** By what it is known that it was built into that folder. @param {Part} part @param {string} out */
const known = ({ folders }, out) => Object.entries(folders).map(([folder, file]) => join(out, folder, file));

/** @param {string} root @param {Part} part */
const isBuilt = (root, part) => {
  const files = known(part, join(root, 'out'));
  if (!files.every((path) => existsSync(path))) return false;
  const builtAt = Math.min(...files.map((path) => statSync(path).mtimeMs));
  return part.sources.every((source) => newest(join(root, source)) <= builtAt);
};

/**
 * Builds that part unless it is there and younger than its sources. The old one stays until the new one is whole.
 * @param {Part} part
 * @param {{ root: string, node: string, say: (line: string) => void }} options `node`: the program that runs the build
 * @returns {Promise<void>}
 */
export const ensureBuilt = async (part, { root, node, say }) => {
  if (isBuilt(root, part)) return;
  const out = join(root, 'out');
  const release = await lock(out, () =>
    say(`Another start of Ledgerline is building the ${part.name}; waiting for it ...`),
  ).catch((error) => {
    throw ['EACCES', 'EPERM', 'EROFS'].includes(error.code)
      ? new BuildForbidden(part.name, out, error)
      : error;
  });
  try {
    if (isBuilt(root, part)) return;
    say(`Building the ${part.name} (once, a few seconds) ...`);
    const fresh = join(out, 'new');
    rmSync(fresh, { recursive: true, force: true });
    await build(part, { root, node, folder: fresh });
    for (const path of known(part, fresh))
      if (!existsSync(path)) throw new BuildFailed(part.name, `It ended well, but ${path} is not there.`);
    for (const folder of Object.keys(part.folders)) {
      rmSync(join(out, folder), { recursive: true, force: true });
      renameSync(join(fresh, folder), join(out, folder));
    }
    rmSync(fresh, { recursive: true, force: true });
  } finally {
    release();
  }
};

/** @param {string} out @param {() => void} onWait */
const lock = async (out, onWait) => {
  mkdirSync(out, { recursive: true });
  return takeLock(join(out, '.build-lock'), onWait);
};

/** @param {Part} part @param {{ root: string, node: string, folder: string }} options */
const build = async (part, { root, node, folder }) => {
  /** @type {Buffer[]} */
  const output = [];
  const ending = await runForwarding(
    node,
    part.command(root, folder),
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    (child) => {
      child.stdout?.on('data', (chunk) => output.push(chunk));
      child.stderr?.on('data', (chunk) => output.push(chunk));
    },
  );
  const signal = ending.asked ?? ending.signal;
  if (signal) throw new BuildStopped(part.name, signal);
  if (ending.code !== 0) throw new BuildFailed(part.name, Buffer.concat(output).toString('utf8').trim());
};

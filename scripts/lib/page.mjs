import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runForwarding } from './child.mjs';
import { takeLock } from './install-lock.mjs';

/** The page could not be built. */
export class PageFailed extends Error {
  code = 'page_failed';

  /** @param {string} output what the build printed */
  constructor(output) {
    super('Ledgerline could not build its page. The build says:');
    this.output = output;
  }
}

/** The person, or the system, asked to stop while the page was being built. */
export class PageStopped extends Error {
  code = 'page_stopped';

  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super('Stopped before the page was built; the next start builds it.');
    this.signal = signal;
  }
}

/** What the page is made of. */
const SOURCES = ['src-renderer', 'shared', 'vite.config.ts', 'package-lock.json'];

/** @param {string} root */
const builtIn = (root) => join(root, 'out', 'renderer');

/** @param {string} path @returns {number} when the newest thing in there changed; 0 where there is nothing */
const newest = (path) => {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  // A folder changes when something is taken out of it.
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
};

/** @param {string} root */
export const isPageBuilt = (root) => {
  const page = join(builtIn(root), 'index.html');
  if (!existsSync(page)) return false;
  const builtAt = statSync(page).mtimeMs;
  return SOURCES.every((source) => newest(join(root, source)) <= builtAt);
};

/**
 * Builds the page unless it is there and younger than its sources. The old one stays until the new one is whole.
 * @param {{ root: string, node: string, say: (line: string) => void }} options `node`: the program that runs the build
 * @returns {Promise<void>}
 */
export const ensurePage = async ({ root, node, say }) => {
  if (isPageBuilt(root)) return;
  mkdirSync(join(root, 'out'), { recursive: true });
  const release = await takeLock(join(root, 'out', '.build-lock'), () =>
    say('Another start of Ledgerline is building the page; waiting for it ...'),
  );
  try {
    if (isPageBuilt(root)) return;
    say('Building the page (once, a few seconds) ...');
    const fresh = join(root, 'out', 'renderer.new');
    await build({ root, node, folder: fresh });
    rmSync(builtIn(root), { recursive: true, force: true });
    renameSync(fresh, builtIn(root));
  } finally {
    release();
  }
};

/** @param {{ root: string, node: string, folder: string }} options */
const build = async ({ root, node, folder }) => {
  /** @type {Buffer[]} */
  const output = [];
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const ending = await runForwarding(
    node,
    [vite, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    (child) => {
      child.stdout?.on('data', (chunk) => output.push(chunk));
      child.stderr?.on('data', (chunk) => output.push(chunk));
    },
  );
  const signal = ending.asked ?? ending.signal;
  if (signal) throw new PageStopped(signal);
  if (ending.code !== 0) throw new PageFailed(Buffer.concat(output).toString('utf8').trim());
};

import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runForwarding } from './child.mjs';
import { takeLock } from './install-lock.mjs';

/**
 * @typedef {{ readonly env: NodeJS.ProcessEnv, readonly platform: string, readonly uid: number | undefined }} Machine
 * @typedef {{ readonly path: string } | { readonly why: string }} Found `why`: there is none, as half a sentence
 */

/** The person, or the system, asked to stop while Electron was being fetched. */
export class FetchStopped extends Error {
  code = 'fetch_stopped';

  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super('Stopped before Electron was fetched.');
    this.signal = signal;
  }
}

const AT_MOST_MS = 60_000;
const NOT_AGAIN_MS = 24 * 3_600_000;

/**
 * Why no window can be opened here, whatever is installed.
 * @param {Machine} machine
 * @returns {string | undefined}
 */
export const whyNoWindow = ({ env, platform, uid }) => {
  const hasScreen =
    platform === 'win32' ||
    (platform === 'darwin' ? !env['SSH_CONNECTION'] : Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']));
  if (!hasScreen) return 'There is no screen here for the desktop app';
  // Chromium's sandbox does not work for root, and without it the page would be one fault away from everything.
  if (platform === 'linux' && uid === 0) return 'The desktop app is not safe to run as root';
  return undefined;
};

/**
 * Electron's program as its package notes it, if it is there.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export const installedElectron = (root, env) => {
  const home = join(root, 'node_modules', 'electron');
  const note = join(home, 'path.txt');
  if (!env['ELECTRON_OVERRIDE_DIST_PATH'] && !existsSync(note)) return undefined;
  const name = existsSync(note) ? readFileSync(note, 'utf8').trim() : 'electron';
  const path = join(env['ELECTRON_OVERRIDE_DIST_PATH'] || join(home, 'dist'), name);
  return existsSync(path) ? path : undefined;
};

/**
 * Electron's program; where it is missing its own installer is tried, once a day at most.
 * @param {{ root: string, node: string, env: NodeJS.ProcessEnv, say: (line: string) => void, atMostMs?: number }} options
 * @returns {Promise<Found>}
 */
export const ensureElectron = async ({ root, node, env, say, atMostMs = AT_MOST_MS }) => {
  const there = installedElectron(root, env);
  if (there !== undefined) return { path: there };
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  if (!existsSync(installer)) return { why: 'The desktop app needs Electron, which is not installed' };
  const missed = join(root, 'node_modules', '.ledgerline-no-electron');
  const why = 'The desktop app needs Electron, which could not be fetched';
  if (wasMissedLately(missed) || !isWritable(join(root, 'node_modules', 'electron'))) return { why };
  const release = await takeLock(join(root, '.install-lock'), () =>
    say('Another start of Ledgerline is installing in this folder; waiting for it ...'),
  );
  try {
    const meanwhile = installedElectron(root, env);
    if (meanwhile !== undefined) return { path: meanwhile };
    if (wasMissedLately(missed)) return { why };
    say('Fetching Electron for the desktop app (once, a minute at most) ...');
    const options = /** @type {const} */ ({
      cwd: root,
      stdio: 'ignore',
      env,
      timeout: atMostMs,
      killSignal: 'SIGKILL',
    });
    const { asked } = await runForwarding(node, [installer], options);
    if (asked) throw new FetchStopped(asked);
    const fetched = installedElectron(root, env);
    if (fetched !== undefined) return { path: fetched };
    writeFileSync(missed, '');
    return { why };
  } finally {
    release();
  }
};

/** @param {string} missed */
const wasMissedLately = (missed) =>
  existsSync(missed) && Date.now() - statSync(missed).mtimeMs < NOT_AGAIN_MS;

/** @param {string} folder */
const isWritable = (folder) => {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    // An administrator installed it; what is missing there is theirs to fetch.
    return false;
  }
};

/** A loader that misses a library, a sandbox that the system refuses, a processor that is not ours. */
const COULD_NOT_OPEN = new Set(['SIGTRAP', 'SIGABRT', 'SIGILL', 'SIGSEGV', 'SIGBUS']);
const NO_LOADER = 127;

/**
 * Runs the desktop app to its end.
 * @param {{ electron: string, root: string, cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ readonly ending: import('./child.mjs').Ending } | { readonly why: string }>} `why`: it did not open
 */
export const openDesktop = async ({ electron, root, cwd, env }) => {
  // An editor's terminal may have it set for itself: with it Electron would be Node.
  const own = { ...env, ELECTRON_RUN_AS_NODE: undefined };
  try {
    const { asked, ...ending } = await runForwarding(electron, [root], { cwd, stdio: 'inherit', env: own });
    const crashed =
      ending.code === NO_LOADER || (ending.signal !== null && COULD_NOT_OPEN.has(ending.signal));
    return asked === undefined && crashed ? { why: 'Electron does not run on this computer' } : { ending };
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      return { why: `Electron does not run on this computer (${String(error.code)})` };
    throw error;
  }
};

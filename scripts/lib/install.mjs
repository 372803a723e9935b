import { join } from 'node:path';
import { runForwarding } from './child.mjs';
import { withoutOwnPrograms } from './find-node.mjs';
import { isInstalled, writeStamp } from './installed.mjs';
import { takeLock } from './install-lock.mjs';

/** @typedef {{ readonly command: string, readonly args: readonly string[], readonly shell: boolean }} Npm */

/** npm could not install. */
export class InstallFailed extends Error {
  code = 'install_failed';

  /** @param {string} output what npm printed */
  constructor(output) {
    super('Ledgerline could not install the packages it needs. Is this computer online? npm says:');
    this.output = output;
  }
}

/** The packages would have to be put where this account may not write. */
export class InstallForbidden extends Error {
  code = 'install_forbidden';

  /**
   * @param {string} root
   * @param {unknown} cause
   */
  constructor(root, cause) {
    super(
      `Ledgerline's packages are missing, and this account may not write to ${root}. ` +
        'Start it once as the owner of that folder, or give the folder to this account.',
      { cause },
    );
  }
}

/** The person, or the system, asked to stop while npm was at work. */
export class InstallStopped extends Error {
  code = 'install_stopped';

  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super('Stopped before everything was installed; the next start installs again.');
    this.signal = signal;
  }
}

/**
 * The npm that runs us where one does, else the one on PATH.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} platform
 * @returns {Npm}
 */
export const npmCommand = (env, platform) => {
  const cli = env['npm_execpath'];
  if (cli?.endsWith('npm-cli.js'))
    return { command: env['npm_node_execpath'] ?? process.execPath, args: [cli], shell: false };
  // npm is a batch file on Windows, and only a shell starts those.
  return { command: 'npm', args: [], shell: platform === 'win32' };
};

/**
 * Installs exactly what the lockfile says, unless that is there already. Touches no network when it is.
 * @param {{ root: string, dev: boolean, say: (line: string) => void, npm?: Npm }} options
 *   `dev`: also what only checks and tests need
 * @returns {Promise<void>}
 */
export const ensureInstalled = async ({
  root,
  dev,
  say,
  npm = npmCommand(process.env, process.platform),
}) => {
  const wanted = { dev, platform: process.platform, arch: process.arch };
  if (isInstalled(root, wanted)) return;
  const release = await takeLock(join(root, '.install-lock'), () =>
    say('Another start of Ledgerline is installing in this folder; waiting for it ...'),
  ).catch((error) => {
    throw ['EACCES', 'EPERM', 'EROFS'].includes(error.code) ? new InstallForbidden(root, error) : error;
  });
  try {
    if (isInstalled(root, wanted)) return;
    say('Installing what Ledgerline needs (once, about a minute) ...');
    await install(root, npm);
    writeStamp(root, { ...wanted, dev: true });
  } finally {
    release();
  }
};

/**
 * @param {string} root
 * @param {Npm} npm
 */
const install = async (root, { command, args, shell }) => {
  /** @type {Buffer[]} */
  const output = [];
  const flags = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const ending = await runForwarding(
    command,
    [...args, 'ci', ...flags],
    {
      cwd: root,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: withoutOwnPrograms(process.env['PATH'] ?? '', root) },
    },
    (child) => {
      child.stdout?.on('data', (chunk) => output.push(chunk));
      child.stderr?.on('data', (chunk) => output.push(chunk));
    },
  ).catch((error) => {
    throw new InstallFailed(`${command} could not be started: ${error.message}`);
  });
  const signal = ending.asked ?? ending.signal;
  if (signal) throw new InstallStopped(signal);
  if (ending.code !== 0) throw new InstallFailed(Buffer.concat(output).toString('utf8').trim());
};

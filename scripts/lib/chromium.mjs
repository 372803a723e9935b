import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const MAC_PATHS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]} CHROMIUM_PATH alone when it is set: who names one wants that one
 */
export const chromiumCandidates = (env) => {
  if (env['CHROMIUM_PATH']) return [env['CHROMIUM_PATH']];
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const usual = ['/usr/bin', '/usr/local/bin', '/opt/google/chrome', '/snap/bin'];
  return [
    ...[...new Set([...folders, ...usual])].flatMap((folder) => NAMES.map((name) => join(folder, name))),
    ...MAC_PATHS,
  ];
};

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {(path: string) => boolean} [runs]
 * @returns {string | undefined}
 */
export const findChromium = (env, runs = saysItsVersion) => chromiumCandidates(env).find(runs);

/** Ubuntu's /usr/bin/chromium-browser may be a note that the real one is a snap: only one that answers counts. */
const saysItsVersion = (/** @type {string} */ path) => {
  if (!existsSync(path)) return false;
  try {
    return /\d+\.\d+/.test(
      execFileSync(path, ['--version'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 30_000,
      }),
    );
  } catch {
    // It does not run here: the next one is asked.
    return false;
  }
};

/**
 * What to do where no Chromium was found.
 * @param {{ apt: boolean, root: boolean, chosen: string | undefined }} machine `chosen`: CHROMIUM_PATH, if set
 * @returns {{ readonly install: boolean, readonly advice: string }} `advice`: for the person, if it is still missing
 */
export const chromiumPlan = ({ apt, root, chosen }) => {
  if (chosen) return { install: false, advice: `CHROMIUM_PATH names ${chosen}, which does not run` };
  if (!apt)
    return { install: false, advice: 'no Chromium here; install Chromium or Chrome, or set CHROMIUM_PATH' };
  return {
    install: root,
    advice: root
      ? 'Chromium does not run here, also after apt was asked for it (see above)'
      : 'no Chromium here; run: sudo apt-get update && sudo apt-get install -y chromium',
  };
};

import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** Whether npm runs a script of this very package. @param {{ env: NodeJS.ProcessEnv, root: string }} place */
const isOurScript = ({ env, root }) => {
  const manifest = env['npm_package_json'];
  return (
    manifest !== undefined && existsSync(manifest) && realpathSync(manifest) === join(root, 'package.json')
  );
};

/**
 * What the person typed to start the program, so that its hints name what can be typed again: `npm start --` where
 * npm did it, else the command's own name.
 * @param {{ env: NodeJS.ProcessEnv, root: string }} place `root` without symbolic links
 * @returns {string}
 */
export const typedAs = ({ env, root }) =>
  isOurScript({ env, root }) && env['npm_lifecycle_event'] === 'start' ? 'npm start --' : 'ledgerline';

/**
 * The folder in which the person stands. `npm start` moves to the package's folder and leaves the person's in
 * INIT_CWD; inside some other package's script that variable speaks of that package, and the current folder is right.
 * @param {{ env: NodeJS.ProcessEnv, cwd: string, root: string }} place `cwd` and `root` without symbolic links
 * @returns {string}
 */
export const personsFolder = ({ env, cwd, root }) =>
  isOurScript({ env, root }) && cwd === root && env['INIT_CWD'] ? env['INIT_CWD'] : cwd;

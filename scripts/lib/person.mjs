import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder in which the person stands. `npm start` moves to the package's folder and leaves the person's in
 * INIT_CWD; inside some other package's script that variable speaks of that package, and the current folder is right.
 * @param {{ env: NodeJS.ProcessEnv, cwd: string, root: string }} place `cwd` and `root` without symbolic links
 * @returns {string}
 */
export const personsFolder = ({ env, cwd, root }) => {
  const manifest = env['npm_package_json'];
  const ours =
    manifest !== undefined && existsSync(manifest) && realpathSync(manifest) === join(root, 'package.json');
  return ours && cwd === root && env['INIT_CWD'] ? env['INIT_CWD'] : cwd;
};

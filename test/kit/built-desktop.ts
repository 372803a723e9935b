import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBuilder } from 'vite';
import { makeTempFolder, removeFolder } from './temp-folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface BuiltDesktop {
  /** With main, preload and renderer in it. */
  readonly folder: string;
  readonly remove: () => void;
}

/**
 * Page, main, preload, engine and threads of the sources as they are now, in a folder of their own; or those that
 * `npm test` has just built for all of its suites.
 */
export const buildDesktop = async (): Promise<BuiltDesktop> => {
  const justBuilt = process.env['LEDGERLINE_TEST_BUILT'];
  return justBuilt === undefined ? buildAnew() : { folder: justBuilt, remove: () => undefined };
};

const buildAnew = async (): Promise<BuiltDesktop> => {
  const root = makeTempFolder('built');
  // What is not bundled is looked for above the bundles.
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction');
  const folder = join(root, 'out');
  const into = (name: string) => ({ build: { outDir: join(folder, name) } });
  const builder = await createBuilder({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
    environments: { client: into('renderer'), main: into('main'), preload: into('preload') },
  });
  await builder.buildApp();
  return { folder, remove: () => removeFolder(root) };
};

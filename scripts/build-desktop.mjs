// Builds page, main and preload into the folder that is named, for the launcher: `vite build --app` knows only out/.
import { join } from 'node:path';
import { createBuilder } from 'vite';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder to build into.');
const into = (/** @type {string} */ name) => ({ build: { outDir: join(folder, name) } });
const builder = await createBuilder({
  configFile: join(import.meta.dirname, '..', 'vite.config.ts'),
  logLevel: 'warn',
  environments: { client: into('renderer'), main: into('main'), preload: into('preload') },
});
await builder.buildApp();

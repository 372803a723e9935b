import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const PAGE_FOLDER = fileURLToPath(new URL('../../out/renderer/', import.meta.url));

/** The folder of the built page, which is built first where nobody did. */
export const builtPage = async (): Promise<string> => {
  if (!existsSync(`${PAGE_FOLDER}index.html`))
    await build({ configFile: `${ROOT}vite.config.ts`, logLevel: 'warn' });
  return PAGE_FOLDER;
};

import { builtinModules } from 'node:module';
import { cpSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite';
import type { SqlFolderName, ThreadName } from './shared/launch.ts';

const at = (path: string): string => `${import.meta.dirname}/${path}`;

/** As `Launch` finds them: each thread is a file of its name beside main. */
const THREADS = {
  scan: at('src-main/engine/library/scan-thread.ts'),
  fingerprint: at('src-main/engine/audio/fingerprint-thread.ts'),
  views: at('src-main/engine/views/views-thread.ts'),
} satisfies Readonly<Record<ThreadName, string>>;
const SQL = { ledger: at('src-main/engine/ledger/schema') } satisfies Readonly<Record<SqlFolderName, string>>;

/** What stays outside of the desktop's bundles: Electron, Node's own modules, and what is not JavaScript. */
const EXTERNAL = ['electron', 'better-sqlite3', '@node-rs/argon2', 'sharp', ...builtinModules, /^node:/];

/** The authors of what is bundled ask that their licences go where it goes. */
const LICENCES = { fileName: 'licences.md' };

const program = (
  folder: string,
  input: Readonly<Record<string, string>>,
  format: 'es' | 'cjs',
): EnvironmentOptions => ({
  consumer: 'server',
  resolve: { noExternal: true, conditions: ['node', 'import', 'default'], mainFields: ['module', 'main'] },
  build: {
    outDir: at(folder),
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    sourcemap: true,
    ssr: true,
    copyPublicDir: false,
    license: LICENCES,
    rolldownOptions: {
      input,
      external: EXTERNAL,
      platform: 'node',
      output: {
        format,
        entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js',
        // Beside the entries: what looks for a file beside itself finds it wherever it was bundled into.
        chunkFileNames: '[name]-[hash].js',
      },
    },
  },
});

const sqlBesideMain = (): Plugin => ({
  name: 'sql-beside-main',
  applyToEnvironment: ({ name }) => name === 'main',
  writeBundle: ({ dir }) => {
    for (const [name, folder] of Object.entries(SQL))
      cpSync(folder, `${dir}/sql/${name}`, { recursive: true });
  },
});

/** `vite build` builds the page, all that is needed without a desktop; `vite build --app` the desktop's programs too. */
export default defineConfig({
  root: 'src-renderer',
  base: './',
  plugins: [react(), sqlBesideMain()],
  // Not in the page's environment, where it would have the last word over the launcher's `--outDir`.
  build: { outDir: at('out/renderer'), emptyOutDir: true },
  environments: {
    client: {
      build: {
        target: 'chrome130',
        modulePreload: { polyfill: false },
        license: LICENCES,
        // The page's content security policy knows no data: addresses.
        assetsInlineLimit: 0,
        // It comes from this computer or the local network, once.
        chunkSizeWarningLimit: 1000,
      },
    },
    main: program(
      'out/main',
      {
        main: at('src-main/main.ts'),
        engine: at('src-main/desktop/engine/engine.ts'),
        helper: at('src-main/desktop/helper/helper.ts'),
        'helper-thread': at('src-main/desktop/helper/helper-thread.ts'),
        ...THREADS,
      },
      'es',
    ),
    preload: program('out/preload', { preload: at('src-main/preload.ts') }, 'cjs'),
  },
});

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the page. The programs beside it run their sources directly. */
export default defineConfig({
  root: 'src-renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: `${import.meta.dirname}/out/renderer`,
    emptyOutDir: true,
    target: 'chrome130',
    modulePreload: { polyfill: false },
    // The page's content security policy knows no data: addresses.
    assetsInlineLimit: 0,
    // It comes from this computer or the local network, once.
    chunkSizeWarningLimit: 1000,
  },
});

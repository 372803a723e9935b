import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The programs run their .ts directly on Node; so do the tests, with no transform in between.
    pool: 'forks',
    experimental: { viteModuleRunner: false, nodeLoader: false },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The programs run their .ts directly on Node; so do the tests, with no transform in between.
    pool: 'forks',
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Most tests wait more than they compute: a file for each core would leave a quarter of them idle.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});

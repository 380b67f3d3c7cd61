import { defineConfig } from 'vitest/config';
import { makeClosingLine } from './test/support/closing-line.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/stack.ts'],
    setupFiles: ['test/support/coverage-files.ts'],
    pool: 'forks',
    // Tests mostly wait for the real parts: leave no core idle.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', makeClosingLine()],
    coverage: {
      include: ['src/**'],
      // Workers that tests start are processes of their own; their lines count as well.
      autoAttachSubprocess: true,
      reporter: ['text-summary'],
      reportOnFailure: true,
      thresholds: { lines: 85 },
    },
  },
});

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { makeClosingLine } from './test/support/closing-line.ts';

// What was compiled once is not compiled again: each file and each worker is a process of its own.
process.env['NODE_COMPILE_CACHE'] ??= `${import.meta.dirname}/.cache/compiled`;

/** Folders whose tests touch nothing outside of themselves: a process may run many of their files. */
const PURE =
  'app,character,conversation,cost,lib,memory,mode,recorder,reply,resilience,scenarios,web,worker';
const pure = [`test/{${PURE}}/**/*.test.ts`];

const shared = {
  setupFiles: ['test/support/coverage-files.ts'],
  pool: 'forks' as const,
  // Tests mostly wait for the real parts: leave no core idle.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    globalSetup: ['test/support/stack.ts'],
    projects: [
      { test: { ...shared, name: 'pure', include: pure, isolate: false } },
      { test: { ...shared, name: 'real', include: ['test/**/*.test.ts'], exclude: pure } },
    ],
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

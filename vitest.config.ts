import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { makeClosingLine } from './test/support/closing-line.ts';

// What was compiled once is not compiled again: all workers are processes of their own. Lines count the
// same with it and without.
process.env['NODE_COMPILE_CACHE'] ??= `${import.meta.dirname}/.cache/compiled`;

/** Files that speak and listen in real time: on a machine that has too much to do, words get holes. */
const spoken = [
  'test/e2e/{cost,page-voice,recording,voice-*}.test.ts',
  'test/faults/voice-{path,providers}.test.ts',
  'test/ops/{scrape,traced-talk}.test.ts',
  'test/security/privacy.test.ts',
  'test/contract/room-sound.test.ts',
  'test/room/switching.livekit.test.ts',
  'test/adapters/livekit/{listen-ahead,sound,voice-clear}.test.ts',
  'test/dev/speech-recognizer-room.test.ts',
];

const cores = availableParallelism();
/** Tests mostly wait for the real parts: leave no core idle. */
const crowded = { maxWorkers: Math.ceil(cores * 1.5), sequence: { groupOrder: 0 } };
const roomy = { maxWorkers: cores, sequence: { groupOrder: 1 } };
const shared = {
  // A process runs many files: what it has loaded and compiled is half the work of most of them.
  isolate: false,
  setupFiles: ['test/support/coverage-files.ts', 'test/support/own-environment.ts'],
  // Node runs our files as they are: so do the tests.
  experimental: { viteModuleRunner: false, nodeLoader: false },
  pool: 'forks' as const,
  testTimeout: 30_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 10_000 } },
};

export default defineConfig({
  test: {
    globalSetup: ['test/support/stack.ts'],
    projects: [
      {
        test: {
          ...shared,
          ...crowded,
          name: 'rest',
          include: ['test/**/*.test.ts'],
          exclude: spoken,
        },
      },
      { test: { ...shared, ...roomy, name: 'spoken', include: spoken } },
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

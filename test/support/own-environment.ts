import { afterAll, vi } from 'vitest';

/** Vitest's set-up of each test file: the next one in this process begins with the environment as it was. */
afterAll(() => {
  vi.unstubAllEnvs();
});

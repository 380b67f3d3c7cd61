import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { backoffMs } from '../../src/lib/retry.ts';

const BACKOFF = { firstMs: 100, maxMs: 1_000 };

it('doubles up to its limit', () => {
  const whole = [1, 2, 3, 4, 5, 2_000].map((attempt) => backoffMs(BACKOFF, attempt, 1));
  expect(whole).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

it('is spread between half and the whole', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), random, (attempt, drawn) => {
      const whole = backoffMs(BACKOFF, attempt, 1);
      const delay = backoffMs(BACKOFF, attempt, drawn);
      expect(delay).toBeGreaterThanOrEqual(whole / 2);
      expect(delay).toBeLessThanOrEqual(whole);
    }),
  );
});

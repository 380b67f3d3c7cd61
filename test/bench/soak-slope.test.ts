import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { slopeOf } from '../../bench/soak/slope.ts';

it('is the slope of a line, whatever lies on it', () => {
  const value = fc.integer({ min: -1_000, max: 1_000 });
  fc.assert(
    fc.property(value, value, fc.uniqueArray(value, { minLength: 3 }), (slope, start, times) => {
      const { perUnit, standardError } = slopeOf(
        times.map((at) => ({ at, value: start + slope * at })),
      );
      expect(perUnit).toBeCloseTo(slope, 6);
      expect(standardError).toBeCloseTo(0, 6);
    }),
  );
});

it('is that of least squares where readings lie off it, with its error', () => {
  const values = [1, 3, 2, 5];
  const { perUnit, standardError } = slopeOf(values.map((value, at) => ({ at, value })));
  expect(perUnit).toBeCloseTo(1.1);
  // Residuals 0.1, 1, -1.1 and 0.8 off 1.1 x + 1.1: sqrt(2.7 / 2 / 5).
  expect(standardError).toBeCloseTo(Math.sqrt(2.7 / 2 / 5));
});

it('of one moment is no number', () => {
  expect(slopeOf([{ at: 1, value: 2 }]).perUnit).toBeNaN();
  expect(slopeOf([]).perUnit).toBeNaN();
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { namesToHear } from '../../src/room/names-to-hear.ts';

it('tells each name once, and none that cannot be said', () => {
  expect(namesToHear([' Mia ', '', ' ', '…', 'MIA', 'ミア', 'x'.repeat(51)])).toEqual([
    'MIA',
    'ミア',
  ]);
});

it('is bounded, whatever a row says', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 80 }), { maxLength: 200 }), (names) => {
      const told = namesToHear(names);
      expect(told.length).toBeLessThanOrEqual(20);
      expect(told.every((name) => name.trim() !== '' && name.length <= 50)).toBe(true);
    }),
  );
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { openRing } from '../../src/mode/ring.ts';

it('keeps the last samples, however they came', () => {
  const sound = fc.array(fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 20 }));
  fc.assert(
    fc.property(sound, fc.integer({ min: 1, max: 16 }), (frames, capacity) => {
      const ring = openRing(capacity);
      for (const frame of frames) ring.push(Int16Array.from(frame));
      expect([...ring.read()]).toEqual(frames.flat().slice(-capacity));
    }),
  );
});

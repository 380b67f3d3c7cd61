import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeWords, soundedUnits } from '../../src/reply/heard-words.ts';
import type { WordTime } from '../../src/ports/text-to-speech.ts';

const word = fc.constantFrom(
  'Hi',
  'hi,',
  '3',
  'three',
  '「猫」',
  '猫',
  'が',
  'x²',
  '👍',
  '',
  'end.',
);
const text = fc
  .array(word, { maxLength: 20 })
  .chain((words) => fc.constantFrom('', ' ').map((space) => words.join(space)));
const anyMs = fc.oneof(
  fc.integer({ min: -100, max: 5_000 }),
  fc.constantFrom(0, Infinity, -Infinity, NaN),
);
const times: fc.Arbitrary<WordTime[]> = fc.array(
  fc.record({ text: word, fromMs: anyMs, toMs: anyMs }),
  { maxLength: 25 },
);

it('is total, never shrinks, and stays within the text, whatever times come', () => {
  fc.assert(
    fc.property(
      text,
      times,
      fc.nat(5_000),
      fc.boolean(),
      fc.array(fc.integer({ min: -10, max: 6_000 })),
      (text, words, soundMs, isWhole, looks) => {
        const placed = placeWords(text, [], words);
        let before = 0;
        for (const { from, to, fromMs, toMs } of placed) {
          expect(from).toBeGreaterThanOrEqual(before);
          expect(to).toBeGreaterThan(from);
          expect(toMs).toBeGreaterThanOrEqual(fromMs);
          before = to;
        }
        let units = 0;
        for (const playedMs of looks.sort((one, other) => one - other)) {
          const now = soundedUnits({ text, placed, soundMs, isWhole }, playedMs);
          expect(now).toBeGreaterThanOrEqual(units);
          expect(now).toBeLessThanOrEqual(text.length);
          units = now;
        }
        expect(soundedUnits({ text, placed, soundMs, isWhole: true }, soundMs)).toBe(text.length);
      },
    ),
    { numRuns: 1_000 },
  );
});

it('does not depend on how the times came', () => {
  fc.assert(
    fc.property(text, times, fc.nat(25), (text, words, cut) => {
      const first = placeWords(text, [], words.slice(0, cut));
      expect(placeWords(text, first, words.slice(cut))).toEqual(placeWords(text, [], words));
    }),
  );
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { toSpokenText, traceSpokenText } from '../../src/reply/speakable.ts';
import { splitWords } from '../../src/reply/words.ts';

const PARTS =
  '* _ ` ``` ~~ # @ $ > - + | < <b> </b> <!-- --> [a b](c) [ ] ( ) " 「 」 \\ 👍 👨‍👩‍👧 🇯🇵 ❤ \ufe0f \u200d ' +
  '\u{20bb7} word two 猫が好き です。 e.g. 3.5 , . ! 、 – é';
const markdown = fc
  .array(fc.constantFrom(...PARTS.split(' '), ' ', '  ', '\n'), { maxLength: 30 })
  .map((parts) => parts.join(''));
const anyText = fc.oneof(markdown, fc.string({ unit: 'binary', maxLength: 40 }));

it('the traced text is the shown one, and knows its way back', () => {
  fc.assert(
    fc.property(anyText, (original) => {
      const { text, offsets } = traceSpokenText(original);
      expect(text).toBe(toSpokenText(original).text);
      expect(offsets).toHaveLength(text.length);
      offsets.forEach((offset, at) => {
        expect(offset).toBeGreaterThanOrEqual(offsets[at - 1] ?? 0);
        expect(offset).toBeLessThan(original.length);
        const unit = text.charAt(at);
        // Commas are put between cells; space of all kinds becomes one.
        if (/[^\s,]/.test(unit)) expect(original.charAt(offset)).toBe(unit);
      });
    }),
    { numRuns: 2_000 },
  );
});

it('words make up the whole, and no cut is within a character', () => {
  fc.assert(
    fc.property(anyText, (original) => {
      const words = splitWords(original);
      expect(words.map((word) => word.text).join('')).toBe(toSpokenText(original).text);
      expect(words.map((word) => word.original).join('')).toBe(original);
      if (!original.isWellFormed()) return;
      expect(words.filter((word) => !`${word.text}${word.original}`.isWellFormed())).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

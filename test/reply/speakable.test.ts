import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { toSpokenText } from '../../src/reply/speakable.ts';

it.each([
  ['plain words', ' Hello there. ', 'Hello there.'],
  [
    'emphasis',
    '**Bold** and *light* and __under__ and _this_.',
    'Bold and light and under and this.',
  ],
  ['snake case', 'Set max_rooms_now.', 'Set max_rooms_now.'],
  ['strike', '~~old~~ new', 'old new'],
  ['inline code', 'Run `npm test` now.', 'Run npm test now.'],
  ['headings', '## What next', 'What next'],
  ['bullets', '- Eggs', 'Eggs'],
  ['numbers of a list', '1. Eggs', '1. Eggs'],
  ['quotes', '> Said so.', 'Said so.'],
  ['links', 'See [the docs](https://a.io/b "x").', 'See the docs.'],
  ['pictures', '![a cat](cat.png) sits', 'a cat sits'],
  ['bare addresses', 'Go to <https://a.io/x>.', 'Go to https://a.io/x.'],
  ['HTML', 'a <b>bold</b> word<br/>', 'a bold word'],
  ['comparisons', '5 < 6 and 7 > 2', '5 < 6 and 7 > 2'],
  ['symbols', 'A@B #1 $5 10% x^2 AT&T *', 'AB 1 5 10 x2 ATT'],
  ['emoji', 'Hi 👋🏽 there 👨‍👩‍👧 🇯🇵 1️⃣ ❤️!', 'Hi there !'],
  ['tables', '| Tea | 3 |\n', 'Tea, 3'],
  ['table rules', '|---|:--:|', ''],
  ['rules', '---', ''],
  ['code blocks', '```js\nalert(1)\n```\n', ''],
  ['only emoji', ' 🎉', ''],
  ['Japanese', '**おすすめ**は緑茶です。', 'おすすめは緑茶です。'],
])('shows %s', (_what, original, text) => {
  expect(toSpokenText(original)).toEqual({ text, original });
});

it('never shows a removed symbol, and never changes the original', () => {
  const parts = ['*', '_', '`', '#', '@', '👍', '[a](b)', 'word', ' ', '|', '<i>', '$', '。'];
  const said = fc.array(fc.constantFrom(...parts), { maxLength: 30 }).map((all) => all.join(''));
  fc.assert(
    fc.property(said, (original) => {
      const spoken = toSpokenText(original);
      expect(spoken.original).toBe(original);
      expect(spoken.text).not.toMatch(/[@#$%^&*`👍]/u);
    }),
  );
});

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
  ['bold in italics', '***Both*** **and _this_**', 'Both and this'],
  ['names of code', 'Call `__init__` and `max_rooms` in a*b.', 'Call init and max_rooms in ab.'],
  ['marks that are escaped', 'It is \\*so\\* 5\\. \\_now\\_', 'It is so 5. now'],
  ['bullets of all kinds', '  * Eggs', 'Eggs'],
  ['a minus', '-5 degrees - or +3', '-5 degrees - or +3'],
  ['tasks', '- [x] Eggs', 'Eggs'],
  ['quoted bullets', '> > - Eggs', 'Eggs'],
  ['headings without a space', '#topic', 'topic'],
  ['lines under headings', '=====', ''],
  ['links with brackets', 'See [Ada](https://a.io/Ada_(name)).', 'See Ada.'],
  ['links within brackets', '([here](https://a.io) and [there](b.html))', '(here and there)'],
  ['what is no link', 'array[0] or [sic] (so)', 'array[0] or [sic] (so)'],
  ['comments', 'a <!-- hidden --> b', 'a b'],
  ['tags with attributes', '<a href="x" class=y>link</a> <br />now', 'link now'],
  ['what is no tag', 'if a<b and c>d', 'if a<b and c>d'],
  ['a row with sentences', '| Who? | Me. Yes |', 'Who? Me. Yes'],
  ['a row with empty cells', '|  | 3 | |', '3'],
  ['the rest of a row', ' and so on | 3 |', 'and so on, 3'],
  ['rules of narrow tables', '| - | - |', ''],
  ['code blocks of tildes', '~~~\na\n~~~', ''],
  ['a code block that broke off', '```js\nalert(1', ''],
  ['a fence that broke off', '```js', ''],
  ['code between three marks', '```npm test``` is it.', 'npm test is it.'],
  ['pictures of text', 'Done ✔ ☎ ⚠ ❤', 'Done'],
  ['flags, families, tones and keys', '🏴󠁧󠁢󠁥󠁮󠁧󠁿🇩🇪👩🏽‍🚀#️⃣*️⃣ok', 'ok'],
  ['halves of emoji', 'a\u200d\u{1f3fd}\u{1f1ef}\ufe0f b', 'a\u200d b'],
  ['signs that are words', '© 2026 Ada™ ‼ 5 → 6 ↔ 7', '© 2026 Ada™ ‼ 5 → 6 ↔ 7'],
  ['joiners of letters', 'ක්\u200dර', 'ක්\u200dර'],
  ['wide marks', '「はい！」＃１', '「はい！」＃１'],
  ['space of all kinds', ' a\u00a0\n\t b\u3000c ', 'a b c'],
  ['Japanese', '**おすすめ**は緑茶です。', 'おすすめは緑茶です。'],
])('shows %s', (_what, original, text) => {
  expect(toSpokenText(original)).toEqual({ text, original });
});

it('never shows a removed symbol, and never changes the original', () => {
  const parts = '* _ ` ``` # @ 👍 ❤ ✔ \ufe0f [a](b) word | <i> <!-- $ % ^ & \\ ~~ > -'.split(' ');
  parts.push(' ', '\n', '。');
  const said = fc.array(fc.constantFrom(...parts), { maxLength: 30 }).map((all) => all.join(''));
  fc.assert(
    fc.property(said, (original) => {
      const spoken = toSpokenText(original);
      expect(spoken.original).toBe(original);
      expect(spoken.text).not.toMatch(/[@#$%^&*`👍❤✔\n]|^\s|\s$/u);
    }),
  );
});

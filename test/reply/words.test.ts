import { expect, it } from 'vitest';
import { splitWords } from '../../src/reply/words.ts';

it.each([
  ['words with what is behind them', 'Well, yes - no.', ['Well, ', 'yes - ', 'no.']],
  ['Japanese', '緑茶です、はい。', ['緑茶', 'です、', 'はい。']],
  [
    'openers with the word that they open',
    'He said "go" (now)',
    ['He ', 'said ', '"go" ', '(now)'],
  ],
  ['Japanese quotes', '彼は「はい」と', ['彼', 'は', '「はい」', 'と']],
  ['apostrophes and numbers', "I don't pay 3.50.", ['I ', "don't ", 'pay ', '3.50.']],
])('splits %s', (_what, text, words) => {
  expect(splitWords(text).map((word) => word.text)).toEqual(words);
});

it.each([
  ['bold', '**Hi** you **all** now', ['**Hi** ', 'you ', '**all** ', 'now']],
  ['bold without spaces', '**緑茶**が**好き**です', ['**緑茶**', 'が', '**好き**', 'です']],
  ['links', '猫[本](https://a.io "x")と', ['猫', '[本](https://a.io "x")', 'と']],
  ['tags', '猫<b>本</b>と', ['猫', '<b>本</b>', 'と']],
  ['what is in front and behind', '\n- 👋 Hi you!\n', ['\n- 👋 Hi ', 'you!\n']],
  ['rows', '| Tea | 3 |\n', ['| Tea ', '| 3 |\n']],
  ['a code block as one', '```\na b\n```\n', ['```\na b\n```\n']],
  ['a tag that repeats its word', '<b>b</b> and <i>i</i>', ['<b>b</b> ', 'and ', '<i>i</i>']],
])('leaves markup with its word: %s', (_what, original, originals) => {
  expect(splitWords(original).map((word) => word.original)).toEqual(originals);
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SPOKEN_FIRST_CUT } from '../../src/reply/first-cut.ts';
import { cutSentences } from '../../src/reply/sentences.ts';

async function* chunksOf(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  let at = 0;
  for (const size of sizes) {
    yield text.slice(at, at + size);
    at += size;
  }
  yield text.slice(at);
}

const cut = (text: string, sizes: readonly number[] = []): Promise<string[]> =>
  Array.fromAsync(cutSentences(chunksOf(text, sizes)));

const cutForVoice = (text: string, sizes: readonly number[] = []): Promise<string[]> =>
  Array.fromAsync(cutSentences(chunksOf(text, sizes), SPOKEN_FIRST_CUT));

describe('cutSentences', () => {
  it.each([
    ['two sentences', 'Hello there. How are you?', ['Hello there.', ' How are you?']],
    ['exclamations', 'Wow!! Really?! Yes.', ['Wow!!', ' Really?!', ' Yes.']],
    ['titles', 'Dr. Ames met Mrs. Lee. They left.', ['Dr. Ames met Mrs. Lee.', ' They left.']],
    ['initials', 'J. R. Tolkien wrote. I read.', ['J. R. Tolkien wrote.', ' I read.']],
    ['a sentence that ends with I', 'So do I. Good.', ['So do I.', ' Good.']],
    [
      'dotted forms',
      'In the U.S. Army e.g. this. Done.',
      ['In the U.S. Army e.g. this.', ' Done.'],
    ],
    ['decimals and versions', 'Pi is 3.14. Use v1.2.3 now.', ['Pi is 3.14.', ' Use v1.2.3 now.']],
    [
      'addresses',
      'See https://a.io/x.html?q=1. Mail me@b.co.uk. Bye.',
      ['See https://a.io/x.html?q=1.', ' Mail me@b.co.uk.', ' Bye.'],
    ],
    ['ellipses', 'Well... maybe. Wait... No.', ['Well... maybe.', ' Wait...', ' No.']],
    ['quotes', 'He said "Go." Then he went.', ['He said "Go."', ' Then he went.']],
    ['brackets', '(It rains.) We stay.', ['(It rains.)', ' We stay.']],
    ['bold', '**Hello.** World.', ['**Hello.**', ' World.']],
    ['Japanese', 'こんにちは。元気ですか？はい！', ['こんにちは。', '元気ですか？', 'はい！']],
    ['Japanese quotes', '「はい。」と言った。', ['「はい。」', 'と言った。']],
    ['lines', 'Eggs\nMilk\n\nBread', ['Eggs\n', 'Milk\n', '\nBread']],
    ['numbered lines', '1. Open it.\n2. Close it.', ['1. Open it.\n', '2. Close it.']],
    ['a year at the end', 'It was 1999. We danced.', ['It was 1999.', ' We danced.']],
    ['code', 'Try:\n```js\na. b\n```\nDone.', ['Try:\n', '```js\na. b\n```\n', 'Done.']],
    ['code behind words', 'Try: ```js\na. b\n```\nDone.', ['Try: ', '```js\na. b\n```\n', 'Done.']],
    [
      'code that is indented, as in a list',
      '- Try:\n  ```\n  a. b\n  ```\n  Done.',
      ['- Try:\n', '  ```\n  a. b\n  ```\n', '  Done.'],
    ],
    [
      'code within longer fences',
      '````md\n```js\na. b\n```\n````\nDone.',
      ['````md\n```js\na. b\n```\n````\n', 'Done.'],
    ],
    ['code of tildes', '~~~\na. b\n~~~\nDone.', ['~~~\na. b\n~~~\n', 'Done.']],
    ['code without an end', 'Try:\n```js\na. b\nc. d', ['Try:\n', '```js\na. b\nc. d']],
    [
      'three marks within a line as words',
      '```npm test``` is it. Run ```npm ci``` first. Go.',
      ['```npm test``` is it.', ' Run ```npm ci``` first.', ' Go.'],
    ],
    [
      'tables by their rows',
      '| No. | Is it? Yes. |\n|---|---|\n| 1 | A. B |\nDone.',
      ['| No. | Is it? Yes. |\n', '|---|---|\n', '| 1 | A. B |\n', 'Done.'],
    ],
    ['a short no', 'No. I do not.', ['No.', ' I do not.']],
    [
      'a short no before a number',
      'See No. 5 on Jan. 3 now. Go.',
      ['See No. 5 on Jan. 3 now.', ' Go.'],
    ],
    ['days that are words', 'He sat. The sun. It was.', ['He sat.', ' The sun.', ' It was.']],
    [
      'etc',
      'Eggs, milk etc. are here. Eggs etc. Then go.',
      ['Eggs, milk etc. are here.', ' Eggs etc.', ' Then go.'],
    ],
    [
      'company names',
      'Acme Inc. Japan and Co. KG met. Yes.',
      ['Acme Inc. Japan and Co. KG met.', ' Yes.'],
    ],
    ['a bold number of a list', '**1.** Open it.\n2. Go.', ['**1.** Open it.\n', '2. Go.']],
    ['a bold title', 'Ask **Dr.** Lee. Bye.', ['Ask **Dr.** Lee.', ' Bye.']],
    [
      'what is said within a sentence',
      '"Stop!" he said. "Why?" she asked.',
      ['"Stop!" he said.', ' "Why?" she asked.'],
    ],
    [
      'money, times and ratios',
      'It is $3.50 at 5:30 p.m. today. OK.',
      ['It is $3.50 at 5:30 p.m. today.', ' OK.'],
    ],
    ['an ellipsis of one sign', 'Well… maybe. Hm… No.', ['Well… maybe.', ' Hm…', ' No.']],
    [
      'Japanese with narrow marks',
      'すごい!次は?はい。3.5です。',
      ['すごい!', '次は?', 'はい。', '3.5です。'],
    ],
    ['Japanese marks in rows', 'えっ！？本当…。はい。', ['えっ！？', '本当…。', 'はい。']],
    [
      'Japanese and English',
      '緑茶です。It is good. はい。',
      ['緑茶です。', 'It is good.', ' はい。'],
    ],
    ['other stops', 'ما هذا؟ نعم. यह है। हाँ।', ['ما هذا؟', ' نعم.', ' यह है।', ' हाँ।']],
    ['nothing', '', []],
  ])('cuts %s', async (_what, text, pieces) => {
    expect(await cut(text)).toEqual(pieces);
  });

  it('does not wait for the next sentence to end', async () => {
    let gaveMore = false;
    async function* slow(): AsyncGenerator<string> {
      yield 'First one.';
      yield ' Second';
      gaveMore = true;
      yield ' one.';
    }
    const first = await cutSentences(slow()).next();
    expect(first.value).toBe('First one.');
    expect(gaveMore).toBe(false);
  });

  it('cuts text without a stop at a clause, a space, or anywhere but within a character', async () => {
    const clauses = await cut(`${'a word '.repeat(30)}here, ${'and more '.repeat(30)}`);
    expect(clauses[0]).toMatch(/here,$/);
    for (const piece of await cut('😀'.repeat(400))) expect(piece).toBe(piece.toWellFormed());
  });

  it.each([
    ['no spaces', 'x'],
    ['backticks', '`'],
    ['fences that never open', '``` '],
    ['a block of code', '```\na', 'b\n'],
    ['a row without an end', '| a. '],
  ])(
    'a hundred thousand characters of %s are cut in a moment',
    async (_what, first, more = first) => {
      const text = first + more.repeat(100_000 / more.length);
      async function* fine(): AsyncGenerator<string> {
        for (let at = 0; at < text.length; at += 4) yield text.slice(at, at + 4);
      }
      const pieces = await Array.fromAsync(cutSentences(fine()));
      expect(pieces.join('') === text).toBe(true);
      expect(pieces).toEqual(await cut(text));
    },
  );

  it('keeps every character and does not depend on chunks', async () => {
    const parts = [
      'Hi',
      '.',
      '!',
      ' ',
      '\n',
      '。',
      '3',
      '"',
      '```',
      '```',
      '`',
      '~~~',
      'js\n',
      '|',
      ')',
      'no',
      'は',
      'e.g',
      'Dr',
      'a b',
      ',',
      '*',
      '…',
      'x'.repeat(90),
    ];
    const text = fc.array(fc.constantFrom(...parts), { maxLength: 40 }).map((all) => all.join(''));
    const sizes = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, sizes, async (said, chunks) => {
        const pieces = await cut(said, chunks);
        expect(pieces.join('')).toBe(said);
        expect(pieces).toEqual(await cut(said));
        const spoken = await cutForVoice(said, chunks);
        expect(spoken.join('')).toBe(said);
        expect(spoken).toEqual(await cutForVoice(said));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('cutSentences for a voice', () => {
  const long = 'that is a question which nobody has asked me for quite some time now.';

  it.each([
    ['at a clause', ['Well, as I said once before,', ` ${long}`]],
    ['but not at a number', [`It costs me 30,000 at 10:30 or ${long}`]],
    [
      'but not within a link',
      [`Please do read all of [these pages, my friend](https://a.io) for ${long}`],
    ],
    ['only where it is long', ['Well, as I said once before, yes.', ' No.']],
    ['only the first one', ['Yes.', ` Well, as I said once before, ${long}`]],
    [
      'in Japanese',
      [
        'はい、それはとても良い質問だと思いますが、',
        'この町ではまだ誰もその答えを知らないのです。',
      ],
    ],
  ])('cuts a long first sentence: %s', async (_what, pieces) => {
    expect(await cutForVoice(pieces.join(''))).toEqual(pieces);
  });

  it('as soon as it is known to be long', async () => {
    let gave = '';
    async function* slow(): AsyncGenerator<string> {
      for (const sign of `Well, as I said once before, ${long}`) {
        gave += sign;
        yield sign;
      }
    }
    await cutSentences(slow(), SPOKEN_FIRST_CUT).next();
    expect(gave).toHaveLength(61);
  });
});

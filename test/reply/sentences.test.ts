import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
      }),
      { numRuns: 2_000 },
    );
  });
});

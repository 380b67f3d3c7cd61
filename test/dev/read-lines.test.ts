import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readLines } from '../../dev/read-lines.ts';

const linesOf = (chunks: readonly Uint8Array[], most: number): Promise<string[]> =>
  Array.fromAsync(readLines(streamOf(chunks), most));

async function* streamOf(chunks: readonly Uint8Array[]) {
  yield* chunks;
}

it('gives the same lines however the bytes come in pieces', async () => {
  const text = fc.array(fc.string({ unit: 'grapheme' }).filter((line) => !/[\r\n]/.test(line)));
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (lines, size) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_none, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(await linesOf(chunks, 1_000)).toEqual(lines);
    }),
  );
});

it('keeps of an endless line no more than its beginning, and goes on with the next', async () => {
  const endless = Array.from({ length: 2_000 }, () => new Uint8Array(65_536));
  const lines = await linesOf([...endless, Buffer.from('\r\nHello?')], 40);
  expect(lines).toEqual(['\0'.repeat(40), 'Hello?']);
});

import { openCodeBlock, opensBlock } from './code-block.ts';
import type { CodeBlock } from './code-block.ts';
import { findFirstCut } from './first-cut.ts';
import type { FirstCut } from './first-cut.ts';
import { findSentenceEnd } from './sentence-end.ts';

/**
 * Cuts a stream of text into sentences as soon as each is whole. The pieces concatenate to exactly
 * the text that came in, and do not depend on how it was chunked; space between two sentences leads
 * the second one. A line's end closes a sentence; a fenced code block is one piece. With `firstCut`
 * a long first sentence is cut at a clause.
 */
export async function* cutSentences(
  chunks: AsyncIterable<string>,
  firstCut?: FirstCut,
): AsyncGenerator<string> {
  const cutter = makeCutter(firstCut);
  for await (const chunk of chunks) yield* cutter.cut(chunk, false);
  yield* cutter.cut('', true);
}

/** With `whole` nothing more comes, and all that is left is cut. */
function makeCutter(firstCut: FirstCut | undefined): {
  cut(chunk: string, whole: boolean): Iterable<string>;
} {
  let buffer = '';
  let block: CodeBlock | undefined;
  let first = firstCut;
  const cutBlock = (open: CodeBlock, text: string, whole: boolean): string | undefined => {
    const rest = open.read(text);
    buffer = rest ?? '';
    block = rest === undefined && !whole ? open : undefined;
    first = undefined;
    return block === undefined ? open.text() : undefined;
  };
  const cutSentence = (whole: boolean): string | undefined => {
    const cut = first && findFirstCut(buffer, first);
    const end = cut ?? findSentenceEnd(buffer, whole) ?? (whole ? buffer.length : 0);
    const piece = buffer.slice(0, end);
    if (piece !== '') first = undefined;
    buffer = buffer.slice(end);
    return piece === '' ? undefined : piece;
  };
  const cutNext = (whole: boolean): string | undefined => {
    const start = buffer.length - buffer.trimStart().length;
    const opens = opensBlock(buffer, start, whole) === true;
    return opens ? cutBlock(openCodeBlock(), buffer, whole) : cutSentence(whole);
  };
  return {
    *cut(chunk, whole) {
      let piece: string | undefined;
      if (block === undefined) {
        buffer += chunk;
        piece = cutNext(whole);
      } else piece = cutBlock(block, chunk, whole);
      for (; piece !== undefined; piece = cutNext(whole)) yield piece;
    },
  };
}

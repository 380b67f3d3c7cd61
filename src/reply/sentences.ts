import { findSentenceEnd } from './sentence-end.ts';

/**
 * Cuts a stream of text into sentences as soon as each is whole. The pieces concatenate to exactly
 * the text that came in, and do not depend on how it was chunked; space between two sentences leads
 * the second one. A line's end closes a sentence; a fenced code block is one piece.
 */
export async function* cutSentences(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let buffer = '';
  for await (const chunk of chunks) {
    buffer += chunk;
    for (;;) {
      const end = findSentenceEnd(buffer, false);
      if (end === undefined) break;
      yield buffer.slice(0, end);
      buffer = buffer.slice(end);
    }
  }
  while (buffer !== '') {
    const end = findSentenceEnd(buffer, true) ?? buffer.length;
    yield buffer.slice(0, end);
    buffer = buffer.slice(end);
  }
}

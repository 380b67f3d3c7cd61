import type { SpokenText } from '../conversation/events.ts';
import { traceSpokenText } from './speakable.ts';

/**
 * Cuts a sentence into its words, so that what was heard of it can be kept. A word carries the space
 * and punctuation behind it, and the markup around it; what is not spoken in front of the first
 * word goes with that. Texts concatenate to the text, originals to the original.
 */
export function splitWords(sentence: string): readonly SpokenText[] {
  const { text, offsets } = traceSpokenText(sentence);
  const starts = wordStarts(text);
  let from = 0;
  return starts.map((start, index) => {
    const next = starts[index + 1];
    const to = next === undefined ? sentence.length : startInOriginal(sentence, offsets, next);
    const word = { text: text.slice(start, next), original: sentence.slice(from, to) };
    from = to;
    return word;
  });
}

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: 'word' });

/** What opens something stands before its word; a straight quote opens behind a space only. */
const OPENERS = /(?:(?<=\s)["']|[\p{Ps}\p{Pi}¿¡])+$/u;

/** Where each word begins; the first one begins the text, whatever stands there. */
function wordStarts(text: string): readonly number[] {
  const starts: number[] = [];
  let behindWord = 0;
  for (const { segment, index, isWordLike } of SEGMENTER.segment(text)) {
    if (isWordLike !== true) continue;
    const openers = OPENERS.exec(text.slice(behindWord, index))?.[0].length ?? 0;
    starts.push(index - openers);
    behindWord = index + segment.length;
  }
  return [0, ...starts.slice(1)];
}

/** Where the word at `start` of the text begins in the original: behind what closes the one before. */
function startInOriginal(original: string, offsets: readonly number[], start: number): number {
  const end = offsets[start] ?? original.length;
  const behind = Math.min(end, (offsets[start - 1] ?? -1) + 1);
  return behind + closingLength(original.slice(0, behind), original.slice(behind, end));
}

/** What ends a link or a tag, and marks that may open as well as close. */
const CLOSING = /^(?:\]\([^\s]*?(?:\s+"[^"]*")?\)|<\/[^>]*>)/;
const MARKS = /^(?:\*+|_+|~~|`+)/;

/** How much of `gap`, which is not spoken, closes what was opened in `before`. */
function closingLength(before: string, gap: string): number {
  let length = 0;
  for (;;) {
    const rest = gap.slice(length);
    const mark = MARKS.exec(rest)?.[0];
    const closes = mark === undefined ? CLOSING.exec(rest)?.[0] : mark;
    if (closes === undefined) return length;
    if (mark !== undefined && !isOpen(before + gap.slice(0, length), mark)) return length;
    length += closes.length;
  }
}

/** A mark that stands there an odd number of times waits for its other half. */
function isOpen(before: string, mark: string): boolean {
  return before.split(mark).length % 2 === 0;
}

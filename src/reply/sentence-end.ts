import { isAbbreviation } from './abbreviations.ts';
import { opensBlock } from './code-block.ts';

/** Longest piece without a stop, or space before one; then it is cut at a clause or a space. */
const MAX_PIECE = 280;

/** Longest run of stops and closers that is waited for: a row of dots has no end to know. */
const MAX_STOPS = 64;

const WIDE_STOP = /[。！？｡]/;
const STOP = /[.!?…。！？｡؟۔।]/;
const CLOSER = /["'”’»)\]}」』）】*_~`]/;
const QUOTED = /["'”’»)\]]/;
const SPACE = /\s/;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const CLAUSE_MARKS = [',', ';', ':', '、', '，', '；', '：'];

/**
 * Where the first sentence of `text` ends, or `undefined` while that depends on text still to come.
 * With `whole` nothing more comes: `undefined` then means that all of it is one sentence. A row of a
 * table ends with its line, and whatever stands before a code block with that. No more than about
 * `MAX_PIECE` characters are read, however many there are.
 */
export function findSentenceEnd(text: string, whole: boolean): number | undefined {
  const start = text.length - text.trimStart().length;
  if (start >= MAX_PIECE) return MAX_PIECE;
  const isRow = text.charAt(start) === '|';
  for (let at = start; at < text.length; at += 1) {
    const end = isRow ? lineEndAt(text, at) : endAt(text, at, start, whole);
    if (end !== 'none') return end === 'unknown' ? undefined : end;
    if (at - start >= MAX_PIECE) return findForcedEnd(text, start);
  }
  return undefined;
}

type End = number | 'none' | 'unknown';

function lineEndAt(text: string, at: number): End {
  return text.charAt(at) === '\n' ? at + 1 : 'none';
}

/** Whether a sentence ends with the character at `at`, or before it. */
function endAt(text: string, at: number, start: number, whole: boolean): End {
  const block = opensBlock(text, at, whole);
  if (block !== false) return block === true ? at : 'unknown';
  return STOP.test(text.charAt(at)) ? endOfStop(text, at, start, whole) : lineEndAt(text, at);
}

function endOfStop(text: string, at: number, start: number, whole: boolean): End {
  const end = afterStop(text, at);
  if (end - at === MAX_STOPS) return end;
  if (end === text.length) return whole ? end : 'unknown';
  if (WIDE_STOP.test(text.slice(at, end))) return end;
  if (SPACE.test(text.charAt(end))) return endBeforeNext(text, { start, at, end }, whole);
  // Japanese goes on without a space behind a narrow mark too; a stop there may be a decimal.
  return /[!?]/.test(text.charAt(at)) && UNSPACED.test(text.charAt(end)) ? end : 'none';
}

/** Behind the run of stops and of what closes around them. */
function afterStop(text: string, at: number): number {
  let end = at + 1;
  const most = Math.min(text.length, at + MAX_STOPS);
  while (end < most && (STOP.test(text.charAt(end)) || CLOSER.test(text.charAt(end)))) end += 1;
  return end;
}

/** A sentence's beginning, and the run of stops from `at` to `end` that may end it. */
interface Candidate {
  readonly start: number;
  readonly at: number;
  readonly end: number;
}

/**
 * What comes next tells a stop from one that belongs to its word; a sentence does not go on in lower
 * case. A line's end right behind the stop belongs to the sentence.
 */
function endBeforeNext(text: string, { start, at, end }: Candidate, whole: boolean): End {
  const ahead = text.slice(end, end + MAX_SPACES + 1);
  const next = /\S|\n/.exec(ahead);
  if (next === null) return whole || ahead.length > MAX_SPACES ? end : 'unknown';
  if (next[0] === '\n') return end + next.index + 1;
  const stop = text.slice(at, end);
  if (/^\.(?!\.)/.test(stop) && isAbbreviation(text.slice(start, at), next[0])) return 'none';
  const mayGoOn = /^[.…]/.test(stop) || QUOTED.test(stop);
  return mayGoOn && /\p{Ll}/u.test(next[0]) ? 'none' : end;
}

const MAX_SPACES = 8;

/** Only the first `MAX_PIECE` characters decide, however much is there already. */
function findForcedEnd(text: string, start: number): number {
  const head = text.slice(start, start + MAX_PIECE);
  const clause = Math.max(...CLAUSE_MARKS.map((mark) => head.lastIndexOf(mark)));
  if (clause > MAX_PIECE / 2) return start + clause + 1;
  const space = head.lastIndexOf(' ');
  if (space > 0) return start + space;
  // Never between the two halves of a character beyond the basic plane.
  return /[\uD800-\uDBFF]$/.test(head) ? start + MAX_PIECE - 1 : start + MAX_PIECE;
}

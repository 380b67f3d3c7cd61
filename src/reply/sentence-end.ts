import { endsWithAbbreviation } from './abbreviations.ts';

/** Longest piece without a stop, or space before one; then it is cut at a clause or a space. */
const MAX_PIECE = 280;

/** Longest run of stops and closers that is waited for: a row of dots has no end to know. */
const MAX_STOPS = 64;

const WIDE_STOP = /[。！？｡]/;
const STOP = /[.!?…。！？｡]/;
const CLOSER = /["'”’»)\]}」』）】*_~`]/;
const SPACE = /\s/;
const CLAUSE_MARKS = [',', ';', ':', '、', '，', '；', '：'];

/**
 * Where the first sentence of `text` ends, or `undefined` while that depends on text still to come.
 * With `whole` nothing more comes: `undefined` then means that all of it is one sentence. No more
 * than about `MAX_PIECE` characters are read, however many there are.
 */
export function findSentenceEnd(text: string, whole: boolean): number | undefined {
  const start = text.length - text.trimStart().length;
  if (start >= MAX_PIECE) return MAX_PIECE;
  if (!whole && mayOpenFence(text, start)) return undefined;
  for (let at = start; at < text.length; at += 1) {
    const end = endAt(text, at, start, whole);
    if (end !== 'none') return end === 'unknown' ? undefined : end;
    if (at - start >= MAX_PIECE) return findForcedEnd(text, start);
  }
  return undefined;
}

/** Two of the three marks that open a code block: the third may come. */
function mayOpenFence(text: string, start: number): boolean {
  return text.length - start < 3 && /^[`~]*$/.test(text.slice(start));
}

type End = number | 'none' | 'unknown';

/** Whether a sentence ends with the character at `at`. */
function endAt(text: string, at: number, start: number, whole: boolean): End {
  if (text.charAt(at) === '\n') return at + 1;
  if (!STOP.test(text.charAt(at))) return 'none';
  const end = afterStop(text, at);
  if (end - at === MAX_STOPS) return end;
  if (end === text.length) return whole ? end : 'unknown';
  if (WIDE_STOP.test(text.slice(at, end))) return end;
  if (!SPACE.test(text.charAt(end))) return 'none';
  if (isStopInside(text.slice(start, at), text.slice(at, end))) return 'none';
  return beforeLower(text, end, whole);
}

/** Behind the run of stops and of what closes around them. */
function afterStop(text: string, at: number): number {
  let end = at + 1;
  const most = Math.min(text.length, at + MAX_STOPS);
  while (end < most && (STOP.test(text.charAt(end)) || CLOSER.test(text.charAt(end)))) end += 1;
  return end;
}

/** A stop that belongs to a word: an abbreviation, an initial, a list's number. */
function isStopInside(before: string, stop: string): boolean {
  return stop.startsWith('.') && stop.charAt(1) !== '.' && endsWithAbbreviation(before);
}

/**
 * A sentence does not go on in lower case; that is known only with the next word's first letter. A
 * line's end right behind the stop belongs to the sentence.
 */
function beforeLower(text: string, end: number, whole: boolean): End {
  const ahead = text.slice(end, end + MAX_SPACES + 1);
  const next = /\S|\n/.exec(ahead);
  if (next === null) return whole || ahead.length > MAX_SPACES ? end : 'unknown';
  if (next[0] === '\n') return end + next.index + 1;
  return /[.…]/.test(text.charAt(end - 1)) && /\p{Ll}/u.test(next[0]) ? 'none' : end;
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

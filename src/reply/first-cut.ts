import { findSentenceEnd } from './sentence-end.ts';

/**
 * When the first sentence of a reply is too long to be waited for as a whole. Lengths are columns: a
 * character of Japanese takes two.
 */
export interface FirstCut {
  /** A sentence that goes on beyond this is cut, if it has a clause to be cut at. */
  readonly longerThan: number;
  /** The shortest piece. */
  readonly atLeast: number;
}

/** For a voice: about four seconds of speech, and what is spoken meanwhile. */
export const SPOKEN_FIRST_CUT: FirstCut = { longerThan: 60, atLeast: 25 };

/**
 * Where the sentence that `text` begins with is to be cut early; `undefined` where it is short, not
 * known to be long yet, or has no clause to be cut at. Decided by as much text as is just too long,
 * however much has come, so that the answer does not depend on how the text was chunked.
 */
export function findFirstCut(text: string, { longerThan, atLeast }: FirstCut): number | undefined {
  const start = text.length - text.trimStart().length;
  const tooLong = start + lengthOf(text.slice(start), longerThan + 1);
  if (tooLong > text.length || text.charAt(start) === '|') return undefined;
  const head = text.slice(0, tooLong);
  if (findSentenceEnd(head, false) !== undefined) return undefined;
  const from = start + lengthOf(text.slice(start), atLeast);
  for (const { index, 0: mark } of head.matchAll(CLAUSE_END)) {
    const end = index + mark.length;
    if (end >= from && !isWithinMarkup(head.slice(0, end))) return end;
  }
  return undefined;
}

/** A mark that ends a clause, and not a number or a time. A dash stands alone. */
const CLAUSE_END = /[、，；：—]|[,;:](?=\s)|(?<=\s)–(?=\s)/g;

const WIDE = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]/u;

/** How many units make up so many columns; more than there are, where the text is shorter. */
function lengthOf(text: string, columns: number): number {
  let [length, left] = [0, columns];
  for (const sign of text) {
    if (left <= 0) return length;
    left -= WIDE.test(sign) ? 2 : 1;
    length += sign.length;
  }
  return left <= 0 ? length : Infinity;
}

/** Whether something opened that is still open: half a link or a tag would be read out. */
function isWithinMarkup(text: string): boolean {
  return /[[(<「『（][^\])>」』）]*$/.test(text) || (text.split('`').length - 1) % 2 === 1;
}

const WORD_CHARACTER = /[\p{L}\p{M}\p{N}_]/u;
const KATAKANA = /[\p{Script=Katakana}ー]/u;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** Words of a name that say nothing about whose name it is. */
const TITLES = new Set('a an the der die das le la el los mr mrs ms miss dr prof sir'.split(' '));

/** Finds words where a script puts no spaces between them. */
const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

/**
 * Whether `text` says one of `phrases` as whole words. Case, width and Latin accents do not count;
 * in scripts without spaces a word ends where the dictionary says so (ミアさん names ミア, but
 * アンケート does not name アン).
 */
export function mentionsAny(text: string, phrases: readonly string[]): boolean {
  const folded = fold(text);
  return phrases
    .map(fold)
    .filter((phrase) => WORD_CHARACTER.test(phrase))
    .some((phrase) => mentions(folded, phrase));
}

/**
 * What people call somebody of this name: the whole name and the first name alone, without articles
 * and titles; where the script has no spaces either part, since the family name comes first.
 */
export function callNames(name: string): readonly string[] {
  const parts = fold(name)
    .split(/[\s・=.]+/)
    .filter((part) => !TITLES.has(part) && (part.length > 1 || UNSPACED.test(part)));
  return [name, ...(parts.some((part) => UNSPACED.test(part)) ? parts : parts.slice(0, 1))];
}

/** One spelling for what readers take for the same. Dots of kana are not accents: が is not か. */
function fold(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase().normalize('NFD');
  return plain
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();
}

function mentions(text: string, phrase: string): boolean {
  const words = segmenter.segment(text);
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    if (isWordEdge(text, at, words) && isWordEdge(text, at + phrase.length, words)) return true;
  }
  return false;
}

/** Whether a word begins or ends at `index`. */
function isWordEdge(text: string, index: number, words: Intl.Segments): boolean {
  const before = Array.from(text.slice(Math.max(0, index - 2), index)).at(-1) ?? '';
  const after = Array.from(text.slice(index, index + 2)).at(0) ?? '';
  if (!WORD_CHARACTER.test(before) || !WORD_CHARACTER.test(after)) return true;
  if (UNSPACED.test(before) !== UNSPACED.test(after)) return true;
  if (!UNSPACED.test(before)) return false;
  if (KATAKANA.test(before) || KATAKANA.test(after)) {
    return KATAKANA.test(before) !== KATAKANA.test(after);
  }
  return words.containing(index)?.index === index;
}

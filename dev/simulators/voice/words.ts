/** One word as it is spoken, with the marks that hang on it. */
export interface Word {
  readonly text: string;
  /** How long it is spoken, in letters of ordinary length. */
  readonly letters: number;
  /** How long it is silent afterwards, in the same measure. */
  readonly pause: number;
}

/**
 * Cuts a text into what gets a time of its own: words between spaces, and single characters of the
 * scripts that put no spaces, each with the marks behind it. White space is no word.
 */
export function splitWords(text: string): readonly Word[] {
  return [...text.matchAll(WORD)].map(([word]) => ({
    text: word,
    letters: lettersOf(word),
    pause: pauseOf(word),
  }));
}

/** A character of a script without spaces and its marks, or everything up to one or to a space. */
const WORD =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー][^\s\p{L}\p{N}]*|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー])\S)+/gu;

/** A Chinese character is about three letters long, a kana two; a mark is not heard. */
function lettersOf(word: string): number {
  let letters = 0;
  for (const char of word) {
    if (/\p{sc=Han}/u.test(char)) letters += 3;
    else if (/[\p{sc=Hiragana}\p{sc=Katakana}ー]/u.test(char)) letters += 2;
    else if (/\p{N}/u.test(char)) letters += 4;
    else if (/\p{L}/u.test(char)) letters += 1;
  }
  return letters === 0 ? 0 : Math.max(2, letters);
}

function pauseOf(word: string): number {
  if (/[.!?…。！？][^\p{L}\p{N}]*$/u.test(word)) return 5;
  if (/[,;:—、，；：][^\p{L}\p{N}]*$/u.test(word)) return 3;
  return /\p{sc=Han}|\p{sc=Hiragana}|\p{sc=Katakana}|ー/u.test(word) ? 0 : 1;
}

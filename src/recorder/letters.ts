/**
 * A letter that stands for another one: of its script, as wide in UTF-16, and of its case, so that word
 * edges, lengths and offsets stay as they are. `random` gives numbers from 0 up to 1.
 */
export function letterLike(letter: string, random: () => number): string {
  const { letters, width } = alphabetOf(letter);
  return Array.from({ length: letter.length / width }, () => {
    const at = Math.floor(random() * (letters[1] - letters[0] + 1));
    return String.fromCodePoint(letters[0] + at);
  }).join('');
}

/** Names the letters that may stand for this one; letters that compare the same share it. */
export function kindOf(letter: string): string {
  return `${alphabetOf(letter).letters[0]}x${letter.length}`;
}

/** `letter` in the case of `model`, where it has one and is as wide. */
export function inCaseOf(model: string, letter: string): string {
  if (!/\p{Lu}/u.test(model)) return letter;
  const upper = letter.toUpperCase();
  return upper.length === letter.length ? upper : letter;
}

/** First and last code point of letters that are all assigned, and all of one width. */
type Range = readonly [first: number, last: number];

const LATIN: Range = [0x61, 0x7a];
const DIGITS: Range = [0x30, 0x39];
/** Beyond the basic plane: two UTF-16 units each. */
const RARE_HAN: Range = [0x20000, 0x2a6d6];

const SCRIPTS: readonly (readonly [RegExp, Range])[] = [
  [/\p{N}/u, DIGITS],
  [/\p{Script=Latin}/u, LATIN],
  [/\p{Script=Han}/u, [0x4e00, 0x9fa5]],
  // け to わ; the others of this range end words of the core, and are drawn again.
  [/\p{Script=Hiragana}/u, [0x3051, 0x308f]],
  [/\p{Script=Katakana}/u, [0x30a2, 0x30ef]],
  [/\p{Script=Hangul}/u, [0xac00, 0xd7a3]],
  [/\p{Script=Cyrillic}/u, [0x430, 0x44f]],
  [/\p{Script=Greek}/u, [0x3b1, 0x3c1]],
  [/\p{Script=Arabic}/u, [0x641, 0x64a]],
  [/\p{Script=Hebrew}/u, [0x5d0, 0x5d9]],
  [/\p{Script=Thai}/u, [0xe01, 0xe2e]],
  [/\p{Script=Devanagari}/u, [0x915, 0x928]],
];

function alphabetOf(letter: string): { readonly letters: Range; readonly width: number } {
  if (letter.length > 1) {
    return /\p{Script=Han}/u.test(letter)
      ? { letters: RARE_HAN, width: 2 }
      : { letters: LATIN, width: 1 };
  }
  const letters = SCRIPTS.find(([script]) => script.test(letter))?.[1] ?? LATIN;
  return { letters, width: 1 };
}

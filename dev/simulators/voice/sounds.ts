/** One sound of speech, held for its share of the word. */
export interface Sound {
  /** The two resonances of the mouth, in Hz. */
  readonly formants: readonly [number, number];
  /** 0 to 1. */
  readonly voiced: number;
  readonly hissing: number;
}

/**
 * What a word sounds like: a sound per letter, the same every time. It is no language, but it has
 * speech's parts: open vowels, weak hums, hisses and stops. Digits and all scripts get some of them
 * by their code point, so that different words sound different.
 */
export function soundsOf(word: string): readonly Sound[] {
  const letters =
    word
      .normalize('NFD')
      .toLowerCase()
      .match(/[\p{L}\p{N}]/gu) ?? [];
  return letters.flatMap((letter) => LETTERS.get(letter) ?? syllableOf(letter.codePointAt(0) ?? 0));
}

const VOWELS: readonly Sound[] = [
  vowel(800, 1200),
  vowel(550, 1850),
  vowel(300, 2300),
  vowel(480, 900),
  vowel(330, 700),
];
const HUM: Sound = { formants: [260, 1300], voiced: 0.4, hissing: 0.02 };
const BUZZ: Sound = { formants: [300, 1700], voiced: 0.35, hissing: 0.15 };
const HISS: Sound = { formants: [1500, 4500], voiced: 0, hissing: 0.3 };
const STOP: Sound = { formants: [400, 1800], voiced: 0.05, hissing: 0.08 };

const LETTERS: ReadonlyMap<string, readonly Sound[]> = new Map([
  ...group('aeiou', (index) => VOWELS[index] ?? HUM),
  ...group('mnlrwy', (index) => moved(HUM, index)),
  ...group('bdgjvz', (index) => moved(BUZZ, index)),
  ...group('cfhsx', (index) => moved(HISS, index)),
  ...group('kpqt', (index) => moved(STOP, index)),
]);

function group(letters: string, soundOf: (index: number) => Sound): [string, readonly Sound[]][] {
  return letters.split('').map((letter, index) => [letter, [soundOf(index)]]);
}

/** A letter of another script, or a digit: a beginning and a vowel. */
function syllableOf(code: number): readonly Sound[] {
  const start = [HUM, BUZZ, HISS, STOP][code % 4] ?? HUM;
  const open = VOWELS[Math.floor(code / 4) % VOWELS.length] ?? HUM;
  return [moved(start, code % 7), open, moved(open, (code % 5) - 2)];
}

function vowel(first: number, second: number): Sound {
  return { formants: [first, second], voiced: 1, hissing: 0.01 };
}

function moved(sound: Sound, steps: number): Sound {
  const [first, second] = sound.formants;
  return { ...sound, formants: [first * 1.06 ** steps, second * 1.05 ** steps] };
}

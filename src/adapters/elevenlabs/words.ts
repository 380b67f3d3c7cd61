import type { TimedText } from '../../lib/speech-sound.ts';

/** Words of single characters. */
export interface Words {
  /** Takes the next characters; gives the words that they end. */
  take(chars: readonly TimedText[]): readonly TimedText[];
  /** The word that nothing has ended. */
  rest(): readonly TimedText[];
}

/**
 * Joins characters to words. A character of a script without spaces is one of its own, with the
 * marks behind it, so that what was heard can be cut there; white space belongs to none.
 */
export function openWords(): Words {
  let word: TimedText | undefined;
  const end = (): readonly TimedText[] => {
    const ended = word === undefined ? [] : [word];
    word = undefined;
    return ended;
  };
  return {
    take: (chars) =>
      chars.flatMap((char) => {
        if (char.text.trim() === '') return end();
        const ended = word !== undefined && beginsWord(word.text, char.text) ? end() : [];
        word = {
          text: (word?.text ?? '') + char.text,
          fromMs: word?.fromMs ?? char.fromMs,
          toMs: char.toMs,
        };
        return ended;
      }),
    rest: end,
  };
}

const SPACELESS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー]/u;

function beginsWord(word: string, char: string): boolean {
  return SPACELESS.test(char) || (SPACELESS.test(word) && /[\p{L}\p{N}]/u.test(char));
}

import { isBackchannel } from '../conversation/backchannel.ts';
import { callNames } from '../conversation/mention.ts';
import { inCaseOf, kindOf, letterLike } from './letters.ts';
import { knownFrom } from './vocabulary.ts';

/** Replaces what people say, the same by the same. */
export type Disguise = (text: string) => string;

/**
 * Makes what stands for the words of one recording. A word becomes another one of random letters, equal
 * words become equal ones and different words different ones; nothing can be calculated back, for what
 * stands for what is known to this function alone. Marks, spaces, the words of the core and those of
 * `names`, which the bot listens to, stay.
 */
export function makeDisguise(names: readonly string[], random: () => number): Disguise {
  const called = names.flatMap(callNames);
  const kept = new Set(called.flatMap((name) => wordsIn(name).map(fold)));
  const unspaced = called.filter((name) => UNSPACED.test(name)).map((name) => RegExp.escape(name));
  const splitter = unspaced.length === 0 ? undefined : new RegExp(`(${unspaced.join('|')})`, 'iu');
  const known = new Map<string, string>();
  const taken = new Set<string>();

  function disguiseRun(run: string): string {
    if (isBackchannel(run)) return run;
    return wordsIn(run).map(disguiseWord).join('');
  }

  function disguiseWord(word: string): string {
    if (kept.has(fold(word))) return word;
    const from = knownFrom(word);
    if (from === 0) return word;
    // `Ada's` calls Ada.
    return word.slice(0, from).split(JOINT).map(disguisePart).join('') + word.slice(from);
  }

  function disguisePart(part: string): string {
    return kept.has(fold(part)) ? part : replaceLetters(part);
  }

  function replaceLetters(word: string): string {
    const letters = Array.from(word).filter(isLetter);
    if (letters.length === 0) return word;
    const key = letters.map((letter) => `${fold(letter)}${kindOf(letter)}`).join('/');
    const stand = known.get(key) ?? invent(letters, fold(word));
    known.set(key, stand);
    return dress(word, stand);
  }

  /** Random letters that say nothing to the core, and that stand for no other word. */
  function invent(letters: readonly string[], instead: string): string {
    let word = '';
    for (let trial = 0; trial < MOST_TRIALS; trial += 1) {
      word = letters.map((letter) => letterLike(letter, random)).join('');
      const isFree = word !== instead && !taken.has(word) && !kept.has(word);
      if (isFree && knownFrom(word) === word.length) break;
    }
    taken.add(word);
    return word;
  }

  return (text) =>
    (splitter === undefined ? [text] : text.split(splitter))
      .map((part, at) => (at % 2 === 1 ? part : part.replace(RUN, disguiseRun)))
      .join('');
}

/** There are few words of one letter: in the end two of them share one. */
const MOST_TRIALS = 100;

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Signs that are no letter, and do not become one where texts are compared. */
const SIGN = /[\p{P}\p{S}\p{Z}\p{C}\p{M}ー]/u;

/** What the core may take for one word, and whatever else could hide letters. */
const RUN = /(?:[\p{L}\p{M}\p{N}'’_-]|(?=\p{S})[^\p{ASCII}])+/gu;

/** What a word may have within it without being one to the core. */
const JOINT = /([^\p{L}\p{M}\p{N}_]+)/u;

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

function wordsIn(text: string): readonly string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

function isLetter(sign: string): boolean {
  return !SIGN.test(sign) || /[\p{L}\p{N}]/u.test(sign === 'ー' ? '' : sign.normalize('NFKC'));
}

/** One spelling for what the core takes for the same. */
function fold(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase().normalize('NFD');
  return plain.replace(/[\u0300-\u036f]/g, '').normalize('NFC');
}

/** `stand` in the place of the letters of `word`, in their case. */
function dress(word: string, stand: string): string {
  let at = 0;
  return Array.from(word, (sign) => {
    if (!isLetter(sign)) return sign;
    const letter = stand.slice(at, at + sign.length);
    at += sign.length;
    return inCaseOf(sign, letter);
  }).join('');
}

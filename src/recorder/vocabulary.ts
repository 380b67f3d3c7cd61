import { isBackchannel } from '../conversation/backchannel.ts';
import { goesOn } from '../conversation/endpointing.ts';
import { callNames } from '../conversation/mention.ts';

/** Words of phrases behind which nobody stops: `you know`, `let me see`. */
const OF_PHRASES = new Set(['you', 'know', 'let', 'me']);

/** Scripts without spaces, in which the end of a word may be a word of its own. */
const UNSPACED_END = /[\p{Script=Hiragana}\p{Script=Katakana}ー]$/u;

/**
 * From which character on a word says something to the core: 0 where all of it does, its length where
 * nothing does. The core is asked itself, so that its words are listed once.
 */
export function knownFrom(word: string): number {
  if (isBackchannel(word) || OF_PHRASES.has(word.toLowerCase()) || isTitle(word)) return 0;
  if (UNSPACED_END.test(word)) return word.length - endingOf(word).length;
  return goesOn(word) ? 0 : word.length;
}

/** The end that tells that somebody goes on, or asks; empty where there is none. */
function endingOf(word: string): string {
  // What ends a Japanese question, by its mark or without one.
  if (word.endsWith('か')) return 'か';
  const letters = Array.from(word);
  for (let length = 1; length <= letters.length; length += 1) {
    const end = letters.slice(-length).join('');
    if (goesOn(end)) return end;
  }
  return '';
}

/** Whether it says nothing about whose name it is a part of. */
function isTitle(word: string): boolean {
  return word.length > 1 && callNames(`${word} zz`)[1] === 'zz';
}

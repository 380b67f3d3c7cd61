import type { Timed } from '../voice/speaker.ts';

/** The characters of a word, each with its share of the word's time, and the space behind it. */
export function spell({ text, fromMs, toMs }: Timed): readonly Timed[] {
  const letters = text.match(/./gsu) ?? [];
  const step = (toMs - fromMs) / letters.length;
  const chars = letters.map((letter, index) => ({
    text: letter,
    fromMs: fromMs + index * step,
    toMs: fromMs + (index + 1) * step,
  }));
  const isJoined = /\p{sc=Han}|\p{sc=Hiragana}|\p{sc=Katakana}/u.test(text);
  return isJoined ? chars : [...chars, { text: ' ', fromMs: toMs, toMs }];
}

import type { WordTime } from '../ports/text-to-speech.ts';

/** A stretch of the text, in UTF-16 units, and when it sounds, in ms from the speech's beginning. */
export interface PlacedWord {
  readonly from: number;
  readonly to: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is known of a speech while it comes in. */
export interface SpeechSoFar {
  /** All that was given to be spoken. */
  readonly text: string;
  /** What of it the provider told times of. */
  readonly placed: readonly PlacedWord[];
  /** How much sound has come. */
  readonly soundMs: number;
  /** Whether that is all the sound of the text. */
  readonly isWhole: boolean;
}

/**
 * How many units of the text have sounded at `playedMs`: by the times of the words, in proportion
 * within a word and where no times are known. Never shrinks as `playedMs` grows.
 */
export function soundedUnits(speech: SpeechSoFar, playedMs: number): number {
  if (speech.isWhole && playedMs >= speech.soundMs) return speech.text.length;
  let before: Place = { ms: 0, unit: 0 };
  for (const word of speech.placed) {
    const start = { ms: word.fromMs, unit: word.from };
    const end = { ms: word.toMs, unit: word.to };
    if (playedMs < start.ms) return unitBetween(before, start, playedMs);
    if (playedMs < end.ms) return unitBetween(start, end, playedMs);
    before = end;
  }
  return unitBetween(before, endOf(speech, before), playedMs);
}

/**
 * The words of `placed` and those that the times tell of, in their order. A provider may write a
 * word otherwise than the text does; one that cannot be found there is left out.
 */
export function placeWords(
  text: string,
  placed: readonly PlacedWord[],
  words: readonly WordTime[],
): readonly PlacedWord[] {
  const all = [...placed];
  for (const { text: said, fromMs, toMs } of words) {
    const last = all.at(-1);
    const place = findWord(text, last?.to ?? 0, lettersIn(said, 0));
    if (place === undefined || !Number.isFinite(fromMs + toMs)) continue;
    const startMs = Math.max(fromMs, last?.toMs ?? 0);
    all.push({ ...place, fromMs: startMs, toMs: Math.max(toMs, startMs) });
  }
  return all;
}

/** How long the text takes a slow speaker, in ms. */
export function slowMs(text: string): number {
  const wide = text.match(UNSPACED)?.length ?? 0;
  return wide * 200 + (text.length - wide) * 75;
}

interface Place {
  readonly ms: number;
  readonly unit: number;
}

/** Where the text ends, as it looks now: more sound may come, and nobody speaks slower than slowly. */
function endOf({ text, soundMs, isWhole }: SpeechSoFar, { ms, unit }: Place): Place {
  const restMs = isWhole ? 0 : slowMs(text.slice(unit));
  return { ms: Math.max(ms + restMs, soundMs), unit: text.length };
}

function unitBetween(from: Place, to: Place, ms: number): number {
  if (ms >= to.ms) return to.unit;
  if (ms <= from.ms) return from.unit;
  return from.unit + ((to.unit - from.unit) * (ms - from.ms)) / (to.ms - from.ms);
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const LETTER = /[\p{L}\p{M}\p{N}]/u;

/** How far ahead a word is looked for, in units: words that are left out come to less. */
const AHEAD = 160;

interface Letter {
  readonly letter: string;
  readonly unit: number;
  /** Whether a word may begin here. */
  readonly begins: boolean;
}

/** Letters and numbers as they compare, one by one, with where they stand. */
function lettersIn(text: string, from: number): readonly Letter[] {
  const letters: Letter[] = [];
  let [unit, begins] = [from, true];
  for (const sign of text.slice(from, from + AHEAD)) {
    const isLetter = LETTER.test(sign);
    const isUnspaced = sign.search(UNSPACED) === 0;
    if (isLetter) {
      for (const letter of sign.normalize('NFKC').toLowerCase()) {
        letters.push({ letter, unit, begins: begins || isUnspaced });
      }
    }
    begins = !isLetter || isUnspaced;
    unit += sign.length;
  }
  return letters;
}

/** The first place of the word at or behind `from`, with what stands behind it up to the next word. */
function findWord(
  text: string,
  from: number,
  word: readonly Letter[],
): { readonly from: number; readonly to: number } | undefined {
  const letters = lettersIn(text, from);
  const at = letters.findIndex(
    ({ begins }, at) =>
      begins && word.every(({ letter }, index) => letters[at + index]?.letter === letter),
  );
  const first = letters[at];
  if (first === undefined || word.length === 0) return undefined;
  const next = letters[at + word.length];
  return { from: first.unit, to: next?.unit ?? Math.min(text.length, from + AHEAD) };
}

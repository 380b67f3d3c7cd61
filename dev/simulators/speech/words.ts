import type { RecordedWord } from '../../speech/catalog.ts';
import type { Passage } from './path.ts';
import { FRAME_MS } from './spectrum.ts';
import { START_FRAMES } from './templates.ts';

/** A word, and when it sounded in the stream, in ms from its first sample. */
export interface HeardWord extends RecordedWord {
  readonly language: string | null;
}

/** The words of a chain of passages; of the last one, if it goes on, those that have been said. */
export function wordsOf(passage: Passage | undefined): HeardWord[] {
  const words: HeardWord[] = [];
  for (let at = passage; at !== undefined; at = at.before) {
    if (isSure(at)) words.unshift(...wordsOfOne(at));
  }
  return words;
}

/** Whether the passage ends in a word that has begun and is not said in full. */
export function isInsideWord({ template, toIndex }: Passage): boolean {
  const atMs = endMs(toIndex);
  return template.recording.words.some(
    ({ fromMs, toMs }) => atMs > fromMs && atMs < toMs - FRAME_MS,
  );
}

function wordsOfOne({ template, fromIndex, toIndex, atFrame }: Passage): HeardWord[] {
  const { words, language } = template.recording;
  const [heardFrom, heardTo] = [fromIndex * FRAME_MS, endMs(toIndex)];
  const shift = (atFrame - fromIndex) * FRAME_MS;
  return words
    .filter(({ fromMs, toMs }) => {
      const heard = Math.min(toMs, heardTo) - Math.max(fromMs, heardFrom);
      return heard >= (toMs - fromMs) * ENOUGH;
    })
    .map(({ text, fromMs, toMs }) => ({
      text,
      language,
      // Of a word that was cut at its beginning nothing sounded before the stream's first sample.
      fromMs: Math.max(0, fromMs + shift),
      toMs: toMs + shift,
    }));
}

/** A noise can fit a short piece out of the middle by chance, the beginning hardly. */
function isSure({ template, fromIndex, toIndex }: Passage): boolean {
  const sounding = (template.loudUntil[toIndex] ?? 0) - (template.loudUntil[fromIndex] ?? 0);
  return sounding >= (fromIndex <= START_FRAMES ? LEAST_FRAMES : LEAST_FRAMES_INSIDE);
}

/** A frame covers more than its step: its middle tells the time. */
function endMs(index: number): number {
  return index * FRAME_MS + 16;
}

const LEAST_FRAMES = 8;
const LEAST_FRAMES_INSIDE = 20;
/** How much of a word makes it understood. */
const ENOUGH = 0.6;

import { joinWords } from '../../speech/catalog.ts';
import { makeAlignment } from './alignment.ts';
import type { Explanation } from './alignment.ts';
import { MISFIT } from './costs.ts';
import { makeLoudnessGate } from './loudness.ts';
import { FRAME_MS, makeSpectrum } from './spectrum.ts';
import type { Frame } from './spectrum.ts';
import { readTemplates } from './templates.ts';
import { isInsideWord, wordsOf } from './words.ts';
import type { HeardWord } from './words.ts';

/** What was said, as far as it was understood; times are ms of the stream's sound. */
export interface Utterance {
  readonly text: string;
  readonly language: string;
  /** 0 to 1, by how well it fits what is known. */
  readonly confidence: number;
  readonly words: readonly HeardWord[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** `words`: the utterance has more words, or others, than it was thought to have. */
export type Recognized =
  | { readonly type: 'speech-started'; readonly atMs: number }
  | { readonly type: 'words'; readonly utterance: Utterance }
  | { readonly type: 'utterance-ended'; readonly utterance: Utterance };

/** Listens to one speaker. */
export interface Recognizer {
  /** Takes 16 kHz mono sound of any length; tells what it recognizes before it returns. */
  push(pcm: Int16Array): void;
  /** Ends the utterance with what was understood so far, without waiting for silence. */
  finish(): void;
}

/**
 * Understands the recordings of `dev/speech`, and nothing else, by their sound alone: at any volume,
 * from anywhere in them, through a codec and low noise. `endpointingMs` of silence between words end
 * an utterance.
 */
export function openRecognizer(
  { endpointingMs }: { readonly endpointingMs: number },
  tell: (event: Recognized) => void,
): Recognizer {
  const alignment = makeAlignment(readTemplates());
  const isLoud = makeLoudnessGate();
  let frames = 0;
  let quietFrames = 0;
  let saidUntilMs = 0;
  let shown: Utterance | undefined;
  let last: Explanation | undefined;
  const fit = { frames: 0, misfit: 0 };

  function take(frame: Frame): void {
    const loud = isLoud(frame.level);
    quietFrames = loud ? 0 : quietFrames + 1;
    if (quietFrames * FRAME_MS === FORGET_MS) forget();
    last = alignment.next({ ...frame, loud, number: frames++ });
    if (loud && last.running) {
      fit.frames += 1;
      fit.misfit += last.misfit;
    }
    show(understood(last));
    const inWord = last.running && last.passage !== undefined && isInsideWord(last.passage);
    if (quietFrames * FRAME_MS >= endpointingMs && !inWord) end();
  }

  function understood({ passage }: Explanation): Utterance | undefined {
    const words = wordsOf(passage).filter(({ toMs }) => toMs > saidUntilMs);
    const [first] = words;
    if (first === undefined) return undefined;
    return {
      text: joinWords(
        words.map(({ text }) => text),
        first.language,
      ),
      language: first.language ?? '',
      confidence: 1 - fit.misfit / Math.max(1, fit.frames) / (2 * MISFIT),
      words,
      fromMs: first.fromMs,
      toMs: words.at(-1)?.toMs ?? first.toMs,
    };
  }

  function show(utterance: Utterance | undefined): void {
    if (utterance === undefined || utterance.text === shown?.text) return;
    if (shown === undefined) tell({ type: 'speech-started', atMs: utterance.fromMs });
    shown = utterance;
    tell({ type: 'words', utterance });
  }

  function end(): void {
    const utterance = last && understood(last);
    if (utterance === undefined) return;
    tell({ type: 'utterance-ended', utterance });
    saidUntilMs = utterance.toMs + FRAME_MS;
    shown = undefined;
    fit.frames = 0;
    fit.misfit = 0;
  }

  /** Longer than any pause inside a recording: what comes is new. */
  function forget(): void {
    alignment.reset();
    last = undefined;
  }

  return { push: makeSpectrum(take), finish: end };
}

const FORGET_MS = 1_500;

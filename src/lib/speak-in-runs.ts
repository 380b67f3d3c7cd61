import { unlessAborted } from './abort.ts';
import type { Clock } from './clock.ts';
import { openSpeechSound } from './speech-sound.ts';
import type { SpeechSound, TimedText } from './speech-sound.ts';
import { openTextPieces } from './text-pieces.ts';
import type { TextPieces } from './text-pieces.ts';

/** What a run gives: sound cut anywhere, and words, in ms from the run's first sample. */
export type RunPart =
  | { readonly type: 'sound'; readonly bytes: Uint8Array }
  | { readonly type: 'words'; readonly words: readonly TimedText[] };

/** One uninterrupted run of text that a provider speaks. */
export interface SpeechRun {
  /** Ends when all that was said has come, or with `cancel`; throws when it failed. */
  readonly parts: AsyncIterable<RunPart>;
  /** Whether the text was taken: not, once the provider has ended the run by itself. */
  say(text: string): boolean;
  /** No more text comes. */
  finish(): void;
  /** Ends the work at the provider; harmless when there is none. */
  cancel(): void;
}

/** What {@link speakInRuns} works with. */
export interface RunsDeps {
  readonly clock: Clock;
  readonly sampleRate: number;
  readonly openRun: (signal: AbortSignal) => Promise<SpeechRun>;
  /** The error of a text that was spoken without a sound. */
  readonly makeSilentError: () => Error;
}

/** What a speech gives; words' times count from its first sample. */
export type SpeechPart =
  | { readonly type: 'audio'; readonly pcm: Int16Array }
  | { readonly type: 'words'; readonly words: readonly TimedText[] };

/**
 * How long a text may pause within a run. Providers end a run that waits for text, Cartesia 1 s
 * after its last sound; so we end it first, and what comes then opens another.
 */
const PAUSE_MS = 400;

/**
 * Speaks a text that is still being made, in one run if it comes without a pause. Ends in silence
 * when `signal` aborts; then, and when it is left early, the work at the provider ends too.
 */
export async function* speakInRuns(
  deps: RunsDeps,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart> {
  const pieces = openTextPieces(deps.clock, text);
  const sound = openSpeechSound(deps.sampleRate);
  try {
    for (;;) {
      const opening = await unlessAborted(takeSpeakable(pieces), signal);
      if (opening === undefined) return;
      yield* speakRun(deps, { opening, pieces, sound }, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    pieces.close();
  }
}

/** Text up to the first piece with something to say: a run of marks alone is an error at providers. */
async function takeSpeakable(pieces: TextPieces): Promise<string | undefined> {
  let text = '';
  for (let piece = await pieces.next(); piece !== undefined; piece = await pieces.next()) {
    text += piece;
    if (/[\p{L}\p{N}]/u.test(text)) return text;
  }
  return undefined;
}

interface RunInput {
  readonly opening: string;
  readonly pieces: TextPieces;
  readonly sound: SpeechSound;
}

async function* speakRun(
  deps: RunsDeps,
  { opening, pieces, sound }: RunInput,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart> {
  const run = await deps.openRun(signal);
  const onAbort = (): void => run.cancel();
  signal.addEventListener('abort', onAbort, { once: true });
  let textError: unknown;
  let soundless = true;
  try {
    if (signal.aborted) return;
    const fed = feed(run, opening, pieces).catch((error: unknown) => {
      textError = error;
      run.cancel();
    });
    for await (const part of run.parts) {
      if (signal.aborted) return;
      soundless &&= part.type !== 'sound';
      yield* passOn(sound, part);
    }
    // A run that its provider ended may still wait for a piece, which is the next run's.
    await unlessAborted(fed, signal);
    if (textError !== undefined) throw textError;
    if (!signal.aborted && (soundless || !sound.isAudible())) throw deps.makeSilentError();
    sound.nextRun();
  } finally {
    signal.removeEventListener('abort', onAbort);
    run.cancel();
  }
}

function* passOn(sound: SpeechSound, part: RunPart): Generator<SpeechPart> {
  if (part.type === 'words') sound.words(part.words);
  else {
    const pcm = sound.sound(part.bytes);
    if (pcm !== undefined) yield { type: 'audio', pcm };
  }
  const words = sound.takeWords();
  if (words.length > 0) yield { type: 'words', words };
}

/** Says everything until the text pauses. */
async function feed(run: SpeechRun, opening: string, pieces: TextPieces): Promise<void> {
  let piece: string | undefined = opening;
  while (piece !== undefined) {
    if (!run.say(piece)) return pieces.putBack(piece);
    piece = await pieces.nextWithin(PAUSE_MS);
  }
  run.finish();
}

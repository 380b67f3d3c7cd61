import { unlessAborted } from './abort.ts';
import { openChannel } from './channel.ts';
import type { Channel } from './channel.ts';
import type { Clock } from './clock.ts';
import { openScope } from './scope.ts';
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
 * Speaks a text that is still being made, in one run if it comes without a pause. It works ahead of
 * the one who takes, who may play the sound meanwhile. Ends in silence when `signal` aborts; then,
 * and when it is left early, the work at the provider ends too.
 */
export async function* speakInRuns(
  deps: RunsDeps,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<SpeechPart> {
  if (signal.aborted) return;
  using scope = openScope(signal);
  const parts = openChannel<SpeechPart>();
  speakAll(deps, text, parts, scope.signal).then(parts.end, parts.fail);
  try {
    for await (const part of parts) {
      if (signal.aborted) return;
      yield part;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function speakAll(
  deps: RunsDeps,
  text: AsyncIterable<string>,
  parts: Channel<SpeechPart>,
  signal: AbortSignal,
): Promise<void> {
  const pieces = openTextPieces(deps.clock, text);
  const sound = openSpeechSound(deps.sampleRate);
  try {
    for (;;) {
      const opening = await unlessAborted(takeSpeakable(pieces), signal);
      if (opening === undefined) return;
      await speakRun(deps, { opening, pieces, sound, parts }, signal);
    }
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
  readonly parts: Channel<SpeechPart>;
}

async function speakRun(
  deps: RunsDeps,
  { opening, pieces, sound, parts }: RunInput,
  signal: AbortSignal,
): Promise<void> {
  const run = await deps.openRun(signal);
  const onAbort = (): void => run.cancel();
  signal.addEventListener('abort', onAbort, { once: true });
  let textError: unknown;
  let soundless = true;
  try {
    signal.throwIfAborted();
    const fed = feed(run, opening, pieces).catch((error: unknown) => {
      textError = error;
      run.cancel();
    });
    for await (const part of run.parts) {
      soundless &&= part.type !== 'sound';
      passOn(sound, part, parts);
    }
    // A run that its provider ended may still wait for a piece, which is the next run's.
    await unlessAborted(fed, signal);
    if (textError !== undefined) throw textError;
    if (soundless || !sound.isAudible()) throw deps.makeSilentError();
    sound.nextRun();
  } finally {
    signal.removeEventListener('abort', onAbort);
    run.cancel();
  }
}

function passOn(sound: SpeechSound, part: RunPart, parts: Channel<SpeechPart>): void {
  if (part.type === 'words') sound.words(part.words);
  else {
    const pcm = sound.sound(part.bytes);
    if (pcm !== undefined) parts.put({ type: 'audio', pcm });
  }
  const words = sound.takeWords();
  if (words.length > 0) parts.put({ type: 'words', words });
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

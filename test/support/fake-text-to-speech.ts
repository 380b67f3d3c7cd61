import { TroupeError } from '../../src/errors.ts';
import { openChannel } from '../../src/lib/channel.ts';
import type { Channel } from '../../src/lib/channel.ts';
import { openScope } from '../../src/lib/scope.ts';
import type { SpeechEvent, SpeechRequest, TextToSpeech } from '../../src/ports/text-to-speech.ts';

/** One speech that was asked for. */
export interface FakeSpeech {
  readonly request: SpeechRequest;
  /** All text that came so far. */
  readonly text: () => string;
  /** It was spoken to its end, left, aborted, or it failed. */
  readonly isClosed: () => boolean;
}

/** What befalls a speech, before any word or after as many as given. */
export type SpeechFate =
  | { readonly failsAfter: number; readonly error: TroupeError }
  | { readonly stallsAfter: number }
  | { readonly silent: true };

/** A voice in memory: it says every word at once, as soon as its text is there. */
export interface FakeTextToSpeech extends TextToSpeech {
  /** Every speech that began, oldest first. */
  readonly speeches: readonly FakeSpeech[];
  readonly warmUps: () => number;
  /** What the next speech meets; the ones after it are well again. */
  befall(fate: SpeechFate): void;
}

/** How long the fake sounds per letter, and is silent after each word, in ms. */
const FAKE_LETTER_MS = 60;

/** Makes a voice that passes the contract suite that the real ones pass. */
export function makeFakeTextToSpeech(): FakeTextToSpeech {
  const speeches: FakeSpeech[] = [];
  let warmUps = 0;
  let fate: SpeechFate | undefined;
  return {
    name: 'fake',
    speeches,
    warmUps: () => warmUps,
    befall: (next) => void (fate = next),
    async warmUp() {
      warmUps += 1;
    },
    async *speak(request, text, signal) {
      if (signal.aborted) return;
      const met = fate;
      fate = undefined;
      let said = '';
      let closed = false;
      speeches.push({ request, text: () => said, isClosed: () => closed });
      using scope = openScope(signal);
      const events = openChannel<SpeechEvent>();
      const heard = withEnd(text, scope.signal, (piece) => (said += piece));
      speakWords(heard, met, events, scope.signal).then(events.end, events.fail);
      try {
        for await (const event of events) {
          if (signal.aborted) return;
          yield event;
        }
      } finally {
        closed = true;
      }
    },
  };
}

/** An error of the provider, as an adapter makes it. */
export function ttsError(kind: TroupeError['kind']): TroupeError {
  return new TroupeError(`the voice says ${kind}`, { kind, fault: 'provider', service: 'tts' });
}

/** The pieces until the signal aborts. */
async function* withEnd(
  text: AsyncIterable<string>,
  signal: AbortSignal,
  hear: (piece: string) => void,
): AsyncGenerator<string> {
  const aborted = untilAborted(signal);
  const iterator = text[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), aborted]);
    if (next === undefined || next.done === true) return;
    hear(next.value);
    yield next.value;
  }
}

async function speakWords(
  text: AsyncIterable<string>,
  fate: SpeechFate | undefined,
  events: Channel<SpeechEvent>,
  signal: AbortSignal,
): Promise<void> {
  let words = 0;
  let atMs = 0;
  for await (const piece of text) {
    for (const word of piece.match(/\S+/g) ?? []) {
      await meet(fate, words, signal);
      if (signal.aborted) return;
      if (fate !== undefined && 'silent' in fate) continue;
      const toMs = atMs + word.length * FAKE_LETTER_MS;
      events.put({ type: 'words', words: [{ text: word, fromMs: atMs, toMs }] });
      events.put({ type: 'audio', pcm: tone(word.length) });
      words += 1;
      atMs = toMs + FAKE_LETTER_MS;
    }
    await meet(fate, words, signal);
    if (fate !== undefined && 'silent' in fate) throw ttsError('unavailable');
  }
}

async function meet(fate: SpeechFate | undefined, words: number, signal: AbortSignal) {
  if (fate === undefined || 'silent' in fate) return;
  if ('failsAfter' in fate && words >= fate.failsAfter) throw fate.error;
  if ('stallsAfter' in fate && words >= fate.stallsAfter) await untilAborted(signal);
}

function tone(letters: number): Int16Array {
  const loud = letters * FAKE_LETTER_MS * 24;
  const pcm = new Int16Array(loud + FAKE_LETTER_MS * 24);
  for (let at = 0; at < loud; at += 1) pcm[at] = 6_000 * Math.sin(at / 20);
  return pcm;
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

import { expect } from 'vitest';
import { TTS_SAMPLE_RATE } from '../../src/ports/text-to-speech.ts';
import type { SpeechEvent, WordTime } from '../../src/ports/text-to-speech.ts';

/** Nobody aborts. */
export const NEVER = new AbortController().signal;
/** The provider’s own voice. */
export const ENGLISH = { voice: undefined, language: 'en-US' };

/** Pieces that come at once. */
export async function* textOf(...pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}

/** Text that begins and then is never continued. */
export async function* endless(): AsyncGenerator<string> {
  yield 'This is a long story, and it has no end. ';
  await new Promise(() => undefined);
}

/** Hears a speech to its end, however it ends. */
export async function hear(
  speech: AsyncIterable<SpeechEvent>,
  watch: (event: SpeechEvent) => void = () => undefined,
) {
  const events: SpeechEvent[] = [];
  let error: unknown;
  try {
    for await (const event of speech) {
      events.push(event);
      watch(event);
    }
  } catch (thrown) {
    error = thrown;
  }
  const words = events.flatMap((event) => (event.type === 'words' ? event.words : []));
  const samples = events.reduce(
    (sum, event) => sum + (event.type === 'audio' ? event.pcm.length : 0),
    0,
  );
  const said = words.map(({ text }) => text.replaceAll(/\s/g, '')).join('');
  return { events, error, words, said, soundMs: (samples * 1_000) / TTS_SAMPLE_RATE };
}

/** Words come one after the other, all of them while there is sound. */
export function expectGrowing(words: readonly WordTime[], soundMs: number): void {
  let last = 0;
  for (const { fromMs, toMs } of words) {
    expect(fromMs).toBeGreaterThanOrEqual(last - 1);
    expect(toMs).toBeGreaterThan(fromMs);
    last = toMs;
  }
  expect(last).toBeLessThanOrEqual(soundMs + 1);
}

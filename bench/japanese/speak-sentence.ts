import type { TextToSpeech } from '../../src/ports/text-to-speech.ts';
import { TTS_SAMPLE_RATE } from '../../src/ports/text-to-speech.ts';
import { plainCharacters } from './characters.ts';

/** How one sentence was spoken. */
export interface SpokenSentence {
  /** From the request to the first sound, in ms. */
  readonly firstSoundMs: number;
  /** Seconds of sound that came in one second. */
  readonly timesRealTime: number;
  /** Characters spoken in one second of sound. */
  readonly pace: number;
  /** The share of the sentence's characters that came with a time. */
  readonly timed: number;
}

/**
 * Has the provider speak a sentence in Japanese, with its own default voice.
 * @throws what the provider's adapter throws, and TimeoutError after 20 s.
 */
export async function speakSentence(tts: TextToSpeech, text: string): Promise<SpokenSentence> {
  await tts.warmUp();
  const startedAt = performance.now();
  let firstAt: number | undefined;
  let samples = 0;
  let timed = '';
  const request = { voice: undefined, language: 'ja' };
  for await (const event of tts.speak(request, asOne(text), AbortSignal.timeout(LIMIT_MS))) {
    if (event.type === 'words') timed += event.words.map((word) => word.text).join('');
    else {
      firstAt ??= performance.now();
      samples += event.pcm.length;
    }
  }
  const soundS = samples / TTS_SAMPLE_RATE;
  const characters = plainCharacters(text).length;
  return {
    firstSoundMs: (firstAt ?? performance.now()) - startedAt,
    timesRealTime: (soundS * 1_000) / (performance.now() - startedAt),
    pace: characters / soundS,
    timed: plainCharacters(timed).length / characters,
  };
}

const LIMIT_MS = 20_000;

async function* asOne(text: string): AsyncGenerator<string> {
  yield text;
}

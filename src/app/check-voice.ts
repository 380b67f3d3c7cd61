import { makeCartesia } from '../adapters/cartesia/text-to-speech.ts';
import { makeDeepgram } from '../adapters/deepgram/speech-to-text.ts';
import { makeElevenLabs } from '../adapters/elevenlabs/text-to-speech.ts';
import { makeGladia } from '../adapters/gladia/speech-to-text.ts';
import type { Config } from '../config.ts';
import { onAbort } from '../lib/abort.ts';
import { systemClock as clock } from '../lib/clock.ts';
import { STT_SAMPLE_RATE } from '../ports/speech-to-text.ts';
import type { SpeechToText } from '../ports/speech-to-text.ts';
import type { TextToSpeech } from '../ports/text-to-speech.ts';
import type { Check } from './check.ts';

/**
 * A check for each provider of ears and voices that has a key, by its name. An account page would
 * prove less: keys are restricted by use, some are refused only after the handshake, and credit is
 * looked at when something is to be heard or said.
 */
export function checksOfVoices(config: Config): Readonly<Record<string, Check>> {
  const { GLADIA_STT_API_KEY: gladia, DEEPGRAM_API_KEY: deepgram } = config;
  const { CARTESIA_TTS_API_KEY: cartesia, ELEVENLABS_API_KEY: elevenlabs } = config;
  return {
    ...(gladia !== undefined &&
      hearing(makeGladia({ apiKey: gladia, baseUrl: config.GLADIA_URL, clock }))),
    ...(deepgram !== undefined &&
      hearing(makeDeepgram({ apiKey: deepgram, baseUrl: config.DEEPGRAM_URL, clock }))),
    ...(cartesia !== undefined &&
      speaking(makeCartesia({ apiKey: cartesia, baseUrl: config.CARTESIA_URL, clock }))),
    ...(elevenlabs !== undefined &&
      speaking(makeElevenLabs({ apiKey: elevenlabs, baseUrl: config.ELEVENLABS_URL, clock }))),
  };
}

function hearing(stt: SpeechToText): Readonly<Record<string, Check>> {
  return { [stt.name]: (signal) => hearSilence(stt, signal) };
}

function speaking(tts: TextToSpeech): Readonly<Record<string, Check>> {
  return { [tts.name]: (signal) => speakOneWord(tts, signal) };
}

/** A second of it is enough for every provider to acknowledge. */
const SILENCE = new Int16Array(STT_SAMPLE_RATE);

/** Sends a second of silence and waits until the provider has taken it. */
async function hearSilence(stt: SpeechToText, signal: AbortSignal): Promise<void> {
  const taken = Promise.withResolvers<void>();
  using stream = stt.open({ language: 'en' }, (event) => {
    if (event.type === 'acknowledged') taken.resolve();
    else if (event.type === 'ended' && event.error !== undefined) taken.reject(event.error);
  });
  using _end = onAbort(signal, () => taken.reject(signal.reason));
  stream.push(SILENCE);
  stream.flush();
  await taken.promise;
}

/** Has one word spoken, up to its first sound. */
async function speakOneWord(tts: TextToSpeech, signal: AbortSignal): Promise<void> {
  const speech = tts.speak({ voice: undefined, language: 'en' }, oneWord(), signal);
  for await (const { type } of speech) if (type === 'audio') return;
}

async function* oneWord(): AsyncGenerator<string> {
  yield 'Hello.';
}

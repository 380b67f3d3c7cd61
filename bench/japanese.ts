import { makeCartesia } from '../src/adapters/cartesia/text-to-speech.ts';
import { makeDeepgram } from '../src/adapters/deepgram/speech-to-text.ts';
import { makeElevenLabs } from '../src/adapters/elevenlabs/text-to-speech.ts';
import { makeGladia } from '../src/adapters/gladia/speech-to-text.ts';
import { RECORDINGS } from '../dev/speech/catalog.ts';
import { openVoiceParts } from '../dev/simulators/voice-parts.ts';
import { systemClock as clock } from '../src/lib/clock.ts';
import type { Bench } from './lib/bench.ts';
import { hearRecording } from './japanese/hear-recording.ts';
import { speakSentence } from './japanese/speak-sentence.ts';
import { percentile, rounded } from './lib/percentile.ts';

/**
 * The providers of ears and voices beside each other on Japanese: the share of characters that were
 * understood wrongly and how long after the speech its words came; how soon a sentence sounds, how much
 * faster than it is played, and how much of it has word times. A provider whose key is set in the
 * environment is asked itself; of the others their simulators, and the result says so: a simulator
 * understands every recording that it knows, so its errors tell of our path and not of the provider.
 */
export const japanese: Bench = async () => {
  await using simulated = await openVoiceParts();
  const at = (name: ProviderName, liveUrl: string) => {
    const apiKey = process.env[KEYS[name]];
    const { url, apiKey: simulatedKey } = simulated[name];
    return apiKey === undefined
      ? { who: 'simulator', options: { apiKey: simulatedKey, baseUrl: url, clock } }
      : { who: 'live', options: { apiKey, baseUrl: liveUrl, clock } };
  };
  const gladia = at('gladia', 'https://api.gladia.io');
  const deepgram = at('deepgram', 'https://api.deepgram.com');
  const cartesia = at('cartesia', 'https://api.cartesia.ai');
  const elevenlabs = at('elevenlabs', 'wss://api.elevenlabs.io');
  return {
    stt: {
      gladia: { asked: gladia.who, ...(await hearAll(makeGladia(gladia.options))) },
      deepgram: { asked: deepgram.who, ...(await hearAll(makeDeepgram(deepgram.options))) },
    },
    tts: {
      cartesia: { asked: cartesia.who, ...(await speakAll(makeCartesia(cartesia.options))) },
      elevenlabs: {
        asked: elevenlabs.who,
        ...(await speakAll(makeElevenLabs(elevenlabs.options))),
      },
    },
  };
};

const KEYS = {
  gladia: 'GLADIA_STT_API_KEY',
  deepgram: 'DEEPGRAM_API_KEY',
  cartesia: 'CARTESIA_TTS_API_KEY',
  elevenlabs: 'ELEVENLABS_API_KEY',
} as const;
type ProviderName = keyof typeof KEYS;

/** What an assistant of a shop says: product names, numbers, polite ends. */
const SENTENCES = [
  'おすすめは、北海道産のメロンです。',
  'こちらの商品は3,980円で、送料は無料です。',
  'カートに2点入っています。ご注文を確定しますか？',
  'かしこまりました。少々お待ちください。',
  '申し訳ございませんが、その商品は在庫切れです！',
];

async function hearAll(stt: Parameters<typeof hearRecording>[0]) {
  const spoken = RECORDINGS.filter(({ language, kind }) => language === 'ja' && kind === 'speech');
  const heard = [];
  for (const recording of spoken) heard.push(await hearRecording(stt, recording));
  const waits = heard.flatMap(({ finalMs }) => (finalMs === undefined ? [] : [finalMs]));
  const wrong = heard.reduce((sum, { errors }) => sum + errors, 0);
  const characters = heard.reduce((sum, one) => sum + one.characters, 0);
  return {
    recordings: heard.length,
    withoutWords: heard.length - waits.length,
    characterErrorRate: rounded(wrong / characters, 3),
    finalP50Ms: rounded(percentile(waits, 0.5)),
    finalMaxMs: rounded(Math.max(...waits)),
  };
}

async function speakAll(tts: Parameters<typeof speakSentence>[0]) {
  const spoken = [];
  for (const sentence of SENTENCES) spoken.push(await speakSentence(tts, sentence));
  const firsts = spoken.map(({ firstSoundMs }) => firstSoundMs);
  return {
    sentences: spoken.length,
    firstSoundP50Ms: rounded(percentile(firsts, 0.5)),
    firstSoundMaxMs: rounded(Math.max(...firsts)),
    timesRealTime: rounded(
      percentile(
        spoken.map(({ timesRealTime }) => timesRealTime),
        0.5,
      ),
    ),
    charactersPerSecond: rounded(
      percentile(
        spoken.map(({ pace }) => pace),
        0.5,
      ),
    ),
    textWithTimes: rounded(Math.min(...spoken.map(({ timed }) => timed)), 3),
  };
}

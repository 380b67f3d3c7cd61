import { makeCartesia } from '../adapters/cartesia/text-to-speech.ts';
import { makeDeepgram } from '../adapters/deepgram/speech-to-text.ts';
import { makeElevenLabs } from '../adapters/elevenlabs/text-to-speech.ts';
import { makeGladia } from '../adapters/gladia/speech-to-text.ts';
import { openSileroVoiceActivity } from '../adapters/silero/voice-activity.ts';
import type { Config } from '../config.ts';
import { TroupeError } from '../errors.ts';
import { systemClock as clock } from '../lib/clock.ts';
import { makeSlots } from '../lib/slots.ts';
import type { Observe } from '../ports/observe.ts';
import type { SpeechToText } from '../ports/speech-to-text.ts';
import type { TextToSpeech } from '../ports/text-to-speech.ts';
import { withFallbackTts } from '../resilience/fallback-tts.ts';
import type { GuardedTts } from '../resilience/fallback-tts.ts';
import { watchHealth } from '../resilience/health.ts';
import type { Health } from '../resilience/health.ts';
import type { LoadVoice } from '../room/talk-voice.ts';

/**
 * Opens what voices need: the model that tells speech, whose thread ends with the process, and every
 * provider that has a key. A character's own provider comes first, the others stand in for it.
 * @throws TroupeError where nobody is configured to hear or to speak, or the model does not load; the
 * voices that it gives throw where every key was refused.
 */
export async function openVoiceProviders(config: Config, observe: Observe): Promise<LoadVoice> {
  const hearing = hearingProviders(config);
  const speaking = speakingProviders(config, observe);
  if (hearing.length === 0) throw missing('GLADIA_STT_API_KEY or DEEPGRAM_API_KEY');
  if (speaking.length === 0) throw missing('CARTESIA_TTS_API_KEY or ELEVENLABS_API_KEY');
  const vad = await openSileroVoiceActivity({ clock, observe }, AbortSignal.timeout(LOAD_LIMIT_MS));
  return async (character) => {
    const mouths = inOrder(speaking, ({ tts }) => tts.name === character.tts);
    return {
      vad,
      stt: chosen(hearing, character.stt),
      tts: withFallbackTts(clock, mouths, character.tts ?? mouths[0].tts.name),
    };
  };
}

const LOAD_LIMIT_MS = 10_000;

function hearingProviders(config: Config): readonly SpeechToText[] {
  const { GLADIA_STT_API_KEY: gladia, DEEPGRAM_API_KEY: deepgram } = config;
  const all = [
    ...(gladia ? [makeGladia({ apiKey: gladia, baseUrl: config.GLADIA_URL, clock })] : []),
    ...(deepgram ? [makeDeepgram({ apiKey: deepgram, baseUrl: config.DEEPGRAM_URL, clock })] : []),
  ];
  const { STT_FINAL_WAIT_MS: finalP99Ms } = config;
  return finalP99Ms === 0 ? all : all.map((one) => ({ ...one, finalP99Ms }));
}

function speakingProviders(config: Config, observe: Observe): readonly GuardedTts[] {
  const { CARTESIA_TTS_API_KEY: cartesia, ELEVENLABS_API_KEY: eleven } = config;
  const guard = (tts: TextToSpeech, slots: number): GuardedTts => ({
    tts,
    health: watchHealth({ clock, observe }, tts.name),
    slots: makeSlots(clock, slots),
  });
  const { CARTESIA_URL: cartesiaUrl, ELEVENLABS_URL: elevenUrl } = config;
  return [
    ...(cartesia
      ? [
          guard(
            makeCartesia({ apiKey: cartesia, baseUrl: cartesiaUrl, clock }),
            config.CARTESIA_SLOTS,
          ),
        ]
      : []),
    ...(eleven
      ? [
          guard(
            makeElevenLabs({ apiKey: eleven, baseUrl: elevenUrl, clock }),
            config.ELEVENLABS_SLOTS,
          ),
        ]
      : []),
  ];
}

/** Those whose keys work, the wanted one first. */
function inOrder<T extends { readonly health: Health }>(
  providers: readonly T[],
  isWanted: (provider: T) => boolean,
): readonly [T, ...T[]] {
  const left = providers.filter(({ health }) => !health.isOff());
  const [first, ...others] = [...left.filter(isWanted), ...left.filter((one) => !isWanted(one))];
  if (first === undefined) throw missing('a key that voice providers take');
  return [first, ...others];
}

/** The one that the character names, or the first. */
function chosen<T extends { readonly name: string }>(
  providers: readonly T[],
  name: string | undefined,
): T {
  const [first] = providers;
  const named = providers.find((one) => one.name === name) ?? first;
  if (named === undefined) throw missing('a provider of voices');
  return named;
}

function missing(what: string): TroupeError {
  return new TroupeError(`${what} is not set: there is no voice`, {
    kind: 'not-ready',
    fault: 'fleet',
    service: 'voice',
  });
}

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
import type { VoiceActivity } from '../ports/voice-activity.ts';
import { withFallbackStt } from '../resilience/fallback-stt.ts';
import type { GuardedStt } from '../resilience/fallback-stt.ts';
import { withFallbackTts } from '../resilience/fallback-tts.ts';
import type { GuardedTts } from '../resilience/fallback-tts.ts';
import { watchHealth } from '../resilience/health.ts';
import type { Health } from '../resilience/health.ts';
import { meteredStt } from '../resilience/metered-stt.ts';
import { meteredTts } from '../resilience/metered-tts.ts';
import { withReopening } from '../resilience/reopening-vad.ts';
import { makeSeats } from '../resilience/seats.ts';
import type { LoadVoice } from '../room/talk-voice.ts';

/**
 * Opens what voices need: the model that tells speech, whose thread ends with the process, and every
 * provider that has a key. A character's own provider comes first, the others stand in for it.
 * @throws TroupeError where nobody is configured to hear or to speak, or the model does not load; what
 * it gives throws where every key was refused meanwhile.
 */
export async function openVoiceProviders(config: Config, observe: Observe): Promise<LoadVoice> {
  const hearing = hearingProviders(config, observe);
  const speaking = speakingProviders(config, observe);
  if (hearing.length === 0) throw missing('GLADIA_STT_API_KEY or DEEPGRAM_API_KEY is not set');
  if (speaking.length === 0) throw missing('CARTESIA_TTS_API_KEY or ELEVENLABS_API_KEY is not set');
  const open = (signal: AbortSignal): Promise<VoiceActivity> =>
    openSileroVoiceActivity({ clock, observe }, signal);
  const model = await open(AbortSignal.timeout(LOAD_LIMIT_MS));
  const vad = withReopening({ clock, observe, random: Math.random, open }, model);
  return async (character) => {
    const ears = inOrder(hearing, ({ stt }) => stt.name === character.stt);
    const mouths = inOrder(speaking, ({ tts }) => tts.name === character.tts);
    return {
      vad,
      stt: withFallbackStt(clock, ears),
      tts: withFallbackTts(clock, mouths, character.tts ?? mouths[0].tts.name),
    };
  };
}

const LOAD_LIMIT_MS = 10_000;

function hearingProviders(config: Config, observe: Observe): readonly GuardedStt[] {
  const { GLADIA_STT_API_KEY: gladia, DEEPGRAM_API_KEY: deepgram } = config;
  const { GLADIA_URL, DEEPGRAM_URL, STT_FINAL_WAIT_MS: finalP99Ms } = config;
  const guard = (stt: SpeechToText, seats: number): GuardedStt => ({
    stt: meteredStt(clock, finalP99Ms === 0 ? stt : { ...stt, finalP99Ms }),
    health: watchHealth({ clock, observe }, stt.name),
    seats: makeSeats(seats),
  });
  const all: GuardedStt[] = [];
  if (gladia !== undefined) {
    const stt = makeGladia({ apiKey: gladia, baseUrl: GLADIA_URL, clock });
    all.push(guard(stt, config.GLADIA_SLOTS));
  }
  if (deepgram !== undefined) {
    const stt = makeDeepgram({ apiKey: deepgram, baseUrl: DEEPGRAM_URL, clock });
    all.push(guard(stt, config.DEEPGRAM_SLOTS));
  }
  return all;
}

function speakingProviders(config: Config, observe: Observe): readonly GuardedTts[] {
  const { CARTESIA_TTS_API_KEY: cartesia, ELEVENLABS_API_KEY: elevenlabs } = config;
  const guard = (tts: TextToSpeech, slots: number): GuardedTts => ({
    tts: meteredTts(clock, tts),
    health: watchHealth({ clock, observe }, tts.name),
    slots: makeSlots(clock, slots),
  });
  const all: GuardedTts[] = [];
  if (cartesia !== undefined) {
    const tts = makeCartesia({ apiKey: cartesia, baseUrl: config.CARTESIA_URL, clock });
    all.push(guard(tts, config.CARTESIA_SLOTS));
  }
  if (elevenlabs !== undefined) {
    const tts = makeElevenLabs({ apiKey: elevenlabs, baseUrl: config.ELEVENLABS_URL, clock });
    all.push(guard(tts, config.ELEVENLABS_SLOTS));
  }
  return all;
}

/** Those whose keys were not refused, the wanted one first. */
function inOrder<T extends { readonly health: Health }>(
  providers: readonly T[],
  isWanted: (provider: T) => boolean,
): readonly [T, ...T[]] {
  const left = providers.filter(({ health }) => !health.isOff());
  const [first, ...others] = [...left.filter(isWanted), ...left.filter((one) => !isWanted(one))];
  if (first === undefined) throw missing('every key was refused');
  return [first, ...others];
}

function missing(why: string): TroupeError {
  return new TroupeError(`there is no voice: ${why}`, {
    kind: 'not-ready',
    fault: 'fleet',
    service: 'voice',
  });
}

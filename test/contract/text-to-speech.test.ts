import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { openCartesiaSimulator } from '../../dev/simulators/cartesia/server.ts';
import { openElevenLabsSimulator } from '../../dev/simulators/elevenlabs/server.ts';
import type { VoiceSimulator } from '../../dev/simulators/voice/server.ts';
import type { FaultInput } from '../../dev/simulators/voice/settings.ts';
import { makeCartesia } from '../../src/adapters/cartesia/text-to-speech.ts';
import { makeElevenLabs } from '../../src/adapters/elevenlabs/text-to-speech.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { TextToSpeech } from '../../src/ports/text-to-speech.ts';
import { makeFakeTextToSpeech, ttsError } from '../support/fake-text-to-speech.ts';
import { openHandClock } from '../support/hand-clock.ts';
import type { HandClock } from '../support/hand-clock.ts';
import { everyVoice } from './every-text-to-speech.ts';
import { describeLive, NO_KEY } from './live.ts';
import { speechContract } from './text-to-speech.ts';
import type { SpeechFate } from './text-to-speech.ts';
import { holds } from '../support/holds.ts';

const FAST = { latency: { firstSoundMs: 5 }, speed: 100 };

describe.each([
  { name: 'cartesia', open: openCartesiaSimulator, make: makeCartesia },
  { name: 'elevenlabs', open: openElevenLabsSimulator, make: makeElevenLabs },
])('$name', ({ open, make }) => {
  let simulator: VoiceSimulator;
  let clock: HandClock;
  let tts: TextToSpeech;
  let stranger: TextToSpeech;
  beforeAll(async () => {
    simulator = await open(FAST);
  });
  beforeEach(() => {
    simulator.disarm();
    clock = openHandClock();
    tts = make({ apiKey: simulator.apiKey, baseUrl: simulator.url, clock });
    stranger = make({ apiKey: NO_KEY, baseUrl: simulator.url, clock });
  });
  afterAll(() => simulator[Symbol.asyncDispose]());

  speechContract(() => ({ stranger, ...simulated(simulator, tts, clock) }));
});

describe('the fake of the tests', () => {
  const tts = makeFakeTextToSpeech();
  speechContract(() => ({
    tts,
    decide(fate, afterMs = 0) {
      if (fate === 'no-sound') return tts.befall({ silent: true });
      const words = afterMs / 200;
      if (fate === 'stall') return tts.befall({ stallsAfter: words });
      tts.befall({ failsAfter: words, error: ttsError(KINDS[fate]) });
    },
    runs: () => tts.speeches.map(({ text, isClosed }) => ({ text: text(), isOver: isClosed() })),
    pause: () => Promise.resolve(),
  }));
});

describe.each([
  { key: 'CARTESIA_TTS_API_KEY', baseUrl: 'https://api.cartesia.ai', make: makeCartesia },
  { key: 'ELEVENLABS_API_KEY', baseUrl: 'wss://api.elevenlabs.io', make: makeElevenLabs },
])('$key', ({ key, baseUrl, make }) => {
  describeLive(key, (apiKey) =>
    everyVoice(() => ({
      tts: make({ apiKey, baseUrl, clock: systemClock }),
      stranger: make({ apiKey: NO_KEY, baseUrl, clock: systemClock }),
    })),
  );
});

const KINDS = {
  'refused-key': 'auth',
  'rate-limited': 'quota',
  'server-error': 'unavailable',
  cut: 'unavailable',
  garbage: 'malformed',
} as const;

function simulated(simulator: VoiceSimulator, tts: TextToSpeech, clock: HandClock) {
  return {
    tts,
    decide: (fate: SpeechFate, afterMs = 0) =>
      void simulator.arm({ ...faultOf(fate, afterMs), times: 1 }),
    runs: () =>
      simulator.speeches().map(({ text, outcome }) => ({ text, isOver: outcome !== 'open' })),
    async pause() {
      clock.pass(400);
      await holds(() => expect(simulator.speeches().at(-1)?.outcome).toBe('done'));
    },
  };
}

function faultOf(fate: SpeechFate, afterMs: number): FaultInput {
  if (fate === 'refused-key') return { kind: 'unauthorized' };
  if (fate === 'rate-limited' || fate === 'no-sound') return { kind: fate };
  return { kind: fate, afterMs };
}

import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { openDeepgramSimulator } from '../../dev/simulators/deepgram/server.ts';
import { openGladiaSimulator } from '../../dev/simulators/gladia/server.ts';
import type { SpeechSimulator } from '../../dev/simulators/speech/server.ts';
import type { FaultInput } from '../../dev/simulators/speech/settings.ts';
import { makeDeepgram } from '../../src/adapters/deepgram/speech-to-text.ts';
import { makeGladia } from '../../src/adapters/gladia/speech-to-text.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { makeFakeSpeechToText, sttError } from '../support/fake-speech-to-text.ts';
import { holds } from '../support/holds.ts';
import { everyEar } from './every-speech-to-text.ts';
import { describeLive, NO_KEY } from './live.ts';
import { pushInTime } from './speech-to-text-hearing.ts';
import { sttContract } from './speech-to-text.ts';
import type { SttFate } from './speech-to-text.ts';

const SIMULATED = [
  { open: openGladiaSimulator, make: makeGladia, name: 'gladia' },
  { open: openDeepgramSimulator, make: makeDeepgram, name: 'deepgram' },
];

describe.each(SIMULATED)('$name', ({ open, make }) => {
  let simulator: SpeechSimulator;
  beforeAll(async () => {
    simulator = await open({ latency: { partialMs: 0, finalMs: 120 } });
  });
  beforeEach(() => void simulator.disarm());
  afterAll(() => simulator[Symbol.asyncDispose]());

  sttContract(() => ({
    stt: make({ apiKey: simulator.apiKey, baseUrl: simulator.url, clock: systemClock }),
    stranger: make({ apiKey: NO_KEY, baseUrl: simulator.url, clock: systemClock }),
    decide: (fate) => void simulator.arm({ ...faultOf(fate), times: 1 }),
    closed: () =>
      holds(() => {
        expect(simulator.streams().filter(({ outcome }) => outcome === 'open')).toEqual([]);
      }),
  }));
});

describe('the fake of the tests', () => {
  const stt = makeFakeSpeechToText();
  sttContract(() => ({
    stt,
    decide: (fate) => stt.befall(fate === 'stall' ? fate : sttError(KINDS[fate])),
    closed: async () => expect(stt.streams.every((stream) => stream.isClosed())).toBe(true),
    cannot: ['cut'],
  }));
});

const LIVE = [
  { key: 'GLADIA_STT_API_KEY', baseUrl: 'https://api.gladia.io', make: makeGladia },
  { key: 'DEEPGRAM_API_KEY', baseUrl: 'https://api.deepgram.com', make: makeDeepgram },
];

describe.each(LIVE)('$key', ({ key, baseUrl, make }) => {
  describeLive(key, (apiKey) =>
    everyEar(() => ({
      stt: make({ apiKey, baseUrl, clock: systemClock }),
      stranger: make({ apiKey: NO_KEY, baseUrl, clock: systemClock }),
      play: pushInTime,
    })),
  );
});

const KINDS = {
  'refused-key': 'auth',
  'rate-limited': 'quota',
  unavailable: 'unavailable',
  garbage: 'malformed',
  cut: 'unavailable',
} as const;

function faultOf(fate: SttFate): FaultInput {
  if (fate === 'refused-key') return { kind: 'unauthorized' };
  if (fate === 'rate-limited' || fate === 'unavailable') return { kind: fate };
  return { kind: fate, afterMs: fate === 'stall' ? 0 : 700 };
}

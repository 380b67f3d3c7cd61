import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openCartesiaSimulator } from '../../dev/simulators/cartesia/server.ts';
import { openElevenLabsSimulator } from '../../dev/simulators/elevenlabs/server.ts';
import type { VoiceSimulator } from '../../dev/simulators/voice/server.ts';
import { makeCartesia } from '../../src/adapters/cartesia/text-to-speech.ts';
import { makeElevenLabs } from '../../src/adapters/elevenlabs/text-to-speech.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { makeSlots } from '../../src/lib/slots.ts';
import type { Observation } from '../../src/ports/observe.ts';
import type { TextToSpeech } from '../../src/ports/text-to-speech.ts';
import { withFallbackTts } from '../../src/resilience/fallback-tts.ts';
import type { GuardedTts } from '../../src/resilience/fallback-tts.ts';
import { watchHealth } from '../../src/resilience/health.ts';
import { ENGLISH, NEVER, hear, textOf } from '../contract/text-to-speech-hearing.ts';
import { openHandClock } from '../support/hand-clock.ts';
import { holds } from '../support/holds.ts';

let cartesia: VoiceSimulator;
let elevenlabs: VoiceSimulator;
beforeAll(async () => {
  const settings = { latency: { firstSoundMs: 0 }, speed: 100 };
  [cartesia, elevenlabs] = await Promise.all([
    openCartesiaSimulator(settings),
    openElevenLabsSimulator(settings),
  ]);
});
afterAll(async () => {
  await Promise.all([cartesia, elevenlabs].map((each) => each[Symbol.asyncDispose]()));
});

/** A voice of both, whose watchdogs have a clock that is moved by hand; the providers have the real one. */
function openVoice() {
  for (const each of [cartesia, elevenlabs]) each.forget();
  const clock = openHandClock();
  const observed: Observation[] = [];
  const observe = (one: Observation): void => void observed.push(one);
  const guard = (tts: TextToSpeech): GuardedTts => ({
    tts,
    health: watchHealth({ clock, observe }, tts.name),
    slots: makeSlots(clock, 10),
  });
  const at = ({ apiKey, url }: VoiceSimulator) => ({ apiKey, baseUrl: url, clock: systemClock });
  const providers = [makeCartesia(at(cartesia)), makeElevenLabs(at(elevenlabs))] as const;
  const tts = withFallbackTts(clock, [guard(providers[0]), guard(providers[1])], 'cartesia');
  return {
    clock,
    told: () => observed.map((seen) => `${seen.type} ${'provider' in seen ? seen.provider : ''}`),
    speak: (watch?: Parameters<typeof hear>[1]) =>
      hear(tts.speak(ENGLISH, textOf('Hello there, my friend.'), NEVER), watch),
  };
}

it('sound that comes slowly is waited for: all of it is the first provider’s', async () => {
  cartesia.arm({ kind: 'slow', speed: 4, times: 1 });
  const { clock, speak, told } = openVoice();
  const { said, error } = await speak(() => clock.pass(60_000));
  expect({ said, error }).toEqual({ said: 'Hellothere,myfriend.', error: undefined });
  expect(cartesia.speeches()).toMatchObject([{ fault: 'slow', outcome: 'done' }]);
  expect(elevenlabs.speeches()).toEqual([]);
  expect(told()).toEqual([]);
});

it('a first sound that is late is waited for 1.9 s: then the second one says it, and only that', async () => {
  cartesia.configure({ latency: { firstSoundMs: 60_000 } });
  onTestFinished(() => void cartesia.configure({ latency: { firstSoundMs: 0 } }));
  const { clock, speak, told } = openVoice();
  const heard = speak();
  await holds(() => expect(cartesia.speeches()[0]?.text).toBe('Hello there, my friend.'));
  clock.pass(1_899);
  expect(told()).toEqual([]);
  clock.pass(1);
  expect(await heard).toMatchObject({ said: 'Hellothere,myfriend.', error: undefined });
  expect(elevenlabs.speeches()).toMatchObject([{ text: 'Hello there, my friend.' }]);
  await holds(() =>
    expect(cartesia.speeches()).toMatchObject([{ outcome: 'cancelled', soundMs: 0 }]),
  );
  expect(told()).toEqual(['provider-failed cartesia', 'provider-fallback elevenlabs']);
});

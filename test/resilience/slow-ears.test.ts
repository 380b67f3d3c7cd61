import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDeepgramSimulator } from '../../dev/simulators/deepgram/server.ts';
import { openGladiaSimulator } from '../../dev/simulators/gladia/server.ts';
import type { SpeechSimulator } from '../../dev/simulators/speech/server.ts';
import { makeDeepgram } from '../../src/adapters/deepgram/speech-to-text.ts';
import { makeGladia } from '../../src/adapters/gladia/speech-to-text.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Observation } from '../../src/ports/observe.ts';
import type { SpeechToText } from '../../src/ports/speech-to-text.ts';
import { withFallbackStt } from '../../src/resilience/fallback-stt.ts';
import type { GuardedStt } from '../../src/resilience/fallback-stt.ts';
import { watchHealth } from '../../src/resilience/health.ts';
import { makeSeats } from '../../src/resilience/seats.ts';
import { listenTo, push, said, speech } from '../contract/speech-to-text-hearing.ts';
import { openHandClock } from '../support/hand-clock.ts';
import { holds } from '../support/holds.ts';
import { silence } from '../support/sound-path.ts';

let gladia: SpeechSimulator;
let deepgram: SpeechSimulator;
beforeAll(async () => {
  const latency = { partialMs: 0, finalMs: 100 };
  [gladia, deepgram] = await Promise.all([
    openGladiaSimulator({ latency }),
    openDeepgramSimulator({ latency }),
  ]);
});
afterAll(async () => {
  await Promise.all([gladia, deepgram].map((each) => each[Symbol.asyncDispose]()));
});

/** An ear of both, whose watchdogs have a clock that is moved by hand; the providers have the real one. */
function openEar(order: (all: { one: SpeechToText; other: SpeechToText }) => SpeechToText[]) {
  for (const each of [gladia, deepgram]) each.forget();
  const clock = openHandClock();
  const observed: Observation[] = [];
  const observe = (one: Observation): void => void observed.push(one);
  const guard = (stt: SpeechToText): GuardedStt => ({
    stt,
    health: watchHealth({ clock, observe }, stt.name),
    seats: makeSeats(10),
  });
  const at = ({ apiKey, url }: SpeechSimulator) => ({ apiKey, baseUrl: url, clock: systemClock });
  const all = { one: makeGladia(at(gladia)), other: makeDeepgram(at(deepgram)) };
  const [first, ...others] = order(all).map(guard);
  const listening = listenTo(withFallbackStt(clock, [first!, ...others]));
  return {
    clock,
    listening,
    told: () => observed.map((seen) => `${seen.type} ${'provider' in seen ? seen.provider : ''}`),
    /** How far the last sound goes that a provider says to have taken, in ms. */
    takenMs: () =>
      Math.max(0, ...listening.events.map((one) => ('audioToMs' in one ? one.audioToMs : 0))),
  };
}

it('words that come late are waited for while their provider says that it takes the sound', async () => {
  gladia.arm({ kind: 'slow', byMs: 600, times: 1 });
  const { clock, listening, told, takenMs } = openEar(({ one, other }) => [one, other]);
  const sound = [speech('weather-emma'), silence(600)];
  push(listening, ...sound);
  const pushedMs = sound.reduce((sum, { length }) => sum + length / 16, 0);
  await holds(() => expect(takenMs()).toBe(pushedMs));
  clock.pass(60_000);
  await listening.until('the words', () => listening.finals().length > 0);
  expect(said(listening)).toBe('What is the weather like today?');
  const [final] = gladia.streams()[0]?.finals ?? [];
  expect((final?.sentAt ?? 0) - (final?.spokenAt ?? 0)).toBeGreaterThanOrEqual(690);
  expect(deepgram.streams()).toEqual([]);
  expect(told()).toEqual([]);
});

it('one whose every sign of life is late is left after 2 s: the next one hears it all', async () => {
  deepgram.arm({ kind: 'slow', byMs: 60_000, times: 1 });
  const { clock, listening, told } = openEar(({ one, other }) => [other, one]);
  const sound = [speech('weather-emma'), silence(600)];
  push(listening, ...sound);
  await holds(() => expect(deepgram.streams()[0]?.audioMs).toBeGreaterThan(1_500));
  clock.pass(1_999);
  expect(told()).toEqual([]);
  clock.pass(1);
  await listening.until('the words', () => listening.finals().length > 0);
  expect(said(listening)).toBe('What is the weather like today?');
  expect(gladia.streams()).toMatchObject([{ finals: [{ text: said(listening) }] }]);
  await holds(() => expect(deepgram.streams()[0]?.outcome).not.toBe('open'));
  expect(told()).toEqual(['provider-failed deepgram', 'provider-fallback gladia']);
});

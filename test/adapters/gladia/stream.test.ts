import { afterEach, beforeEach, expect, it } from 'vitest';
import { openGladiaSimulator } from '../../../dev/simulators/gladia/server.ts';
import type { SpeechSimulator } from '../../../dev/simulators/speech/server.ts';
import { readSamples, recordingOf } from '../../../dev/speech/catalog.ts';
import { makeGladia } from '../../../src/adapters/gladia/speech-to-text.ts';
import type { SttEvent, SttStream } from '../../../src/ports/speech-to-text.ts';
import { openHandClock } from '../../support/hand-clock.ts';
import type { HandClock } from '../../support/hand-clock.ts';
import { silence } from '../../support/sound-path.ts';
import { holds } from '../../support/holds.ts';

let simulator: SpeechSimulator;
let clock: HandClock;
let events: SttEvent[];
let stream: SttStream | undefined;
beforeEach(async () => {
  simulator = await openGladiaSimulator({ latency: { partialMs: 0, finalMs: 0 } });
  clock = openHandClock();
  events = [];
});
afterEach(async () => {
  stream?.[Symbol.dispose]();
  await simulator[Symbol.asyncDispose]();
});

function open(language?: string, names?: readonly string[]): SttStream {
  const stt = makeGladia({ apiKey: simulator.apiKey, baseUrl: simulator.url, clock });
  stream = stt.open({ language, ...(names && { names }) }, (event) => events.push(event));
  return stream;
}

const types = (): readonly string[] => events.map(({ type }) => type);
const connections = (): number | undefined => simulator.streams()[0]?.connections;

it.each([
  ['en-US', { languages: ['en'], code_switching: false }],
  [undefined, undefined],
])('asks for language %s, enhanced, with partials', async (language, config) => {
  open(language);
  await holds(() => expect(connections()).toBe(1));
  const [session] = simulator.streams();
  expect(session?.parameters).toMatchObject({
    sample_rate: 16_000,
    pre_processing: { audio_enhancer: true },
    messages_config: { receive_partial_transcripts: true, receive_acknowledgments: true },
  });
  const asked: { readonly language_config?: object } | undefined = session?.parameters;
  expect(asked?.language_config).toEqual(config);
});

it('asks for the names that may be said', async () => {
  open('en', ['Mira Bell', 'Meera']);
  await holds(() => expect(connections()).toBe(1));
  expect(simulator.streams()[0]?.parameters).toMatchObject({
    realtime_processing: {
      custom_vocabulary: true,
      custom_vocabulary_config: { vocabulary: ['Mira Bell', 'Meera'] },
    },
  });
});

it('feeds silence at the pace of time until the final comes', async () => {
  const hearing = open('en');
  const speech = readSamples(recordingOf('stop-emma')).subarray(0, 7_000);
  hearing.push(speech);
  await holds(() => expect(types()).toContain('interim'));
  hearing.flush();
  expect(hearing.isIdle()).toBe(false);
  for (let fed = 100; !types().includes('flushed'); fed += 100) {
    await holds(() => expect(simulator.streams()[0]?.audioMs).toBe(437.5 + fed));
    clock.pass(100);
    await new Promise((resolve) => setImmediate(resolve));
    expect(fed).toBeLessThan(1_000);
  }
  const told = events.filter(({ type }) => type !== 'acknowledged');
  expect(told.slice(-2)).toMatchObject([{ type: 'final', text: 'Stop.' }, { type: 'flushed' }]);
  expect(clock.timers()).toBe(0);
});

it('waits 2 s for words that do not come', async () => {
  const hearing = open('en');
  hearing.push(silence(300));
  hearing.flush();
  clock.pass(1_999);
  expect(types()).not.toContain('flushed');
  expect(hearing.isIdle()).toBe(false);
  clock.pass(1);
  expect(types()).toContain('flushed');
  expect(hearing.isIdle()).toBe(true);
  expect(clock.timers()).toBe(0);
});

it('feeds no silence between words that follow a flush', async () => {
  const hearing = open('en');
  hearing.push(silence(300));
  hearing.flush();
  hearing.push(silence(32));
  clock.pass(1_000);
  await holds(() => expect(events.at(-1)).toEqual({ type: 'acknowledged', audioToMs: 332 }));
  expect(simulator.streams()[0]?.audioMs).toBe(432);
});

it('comes back a few times only, however fast it is thrown out', async () => {
  simulator.arm({ kind: 'server-error' });
  const hearing = open('en');
  hearing.push(silence(300));
  await holds(() => expect(types()).toEqual(['ended']));
  expect(events[0]).toMatchObject({ error: { kind: 'unavailable', service: 'stt' } });
  expect(connections()).toBe(5);
});

it('stops feeding silence when the session ends', async () => {
  simulator.arm({ kind: 'idle', afterMs: 100, times: 1 });
  const hearing = open('en');
  hearing.push(silence(300));
  hearing.flush();
  await holds(() => expect(types()).toEqual(['ended']));
  expect(clock.timers()).toBe(0);
});

it('leaves the fetch of the rest of the process alone', async () => {
  const dispatcher = (): unknown =>
    Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'));
  await fetch(simulator.controlUrl);
  const before = dispatcher();
  open('en');
  await holds(() => expect(connections()).toBe(1));
  expect(before).toBeDefined();
  expect(dispatcher()).toBe(before);
});

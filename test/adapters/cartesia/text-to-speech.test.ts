import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCartesiaSimulator } from '../../../dev/simulators/cartesia/server.ts';
import type { VoiceSimulator } from '../../../dev/simulators/voice/server.ts';
import { makeCartesia } from '../../../src/adapters/cartesia/text-to-speech.ts';
import type { TextToSpeech } from '../../../src/ports/text-to-speech.ts';
import { endless, hear, NEVER, textOf } from '../../contract/text-to-speech-hearing.ts';
import { openHandClock } from '../../support/hand-clock.ts';
import type { HandClock } from '../../support/hand-clock.ts';
import { holds } from '../../support/holds.ts';

let simulator: VoiceSimulator;
let clock: HandClock;
let tts: TextToSpeech;

beforeEach(async () => {
  simulator = await openCartesiaSimulator({ latency: { firstSoundMs: 0 }, speed: 100 });
  clock = openHandClock();
  tts = makeCartesia({ apiKey: simulator.apiKey, baseUrl: simulator.url, clock });
});

afterEach(() => simulator[Symbol.asyncDispose]());

const say = (text: string, voice?: string, language = 'en-GB') =>
  hear(tts.speak({ voice, language }, textOf(text), NEVER));

it('shares one socket among all speeches, also those that begin while it connects', async () => {
  await Promise.all([tts.warmUp(), say('One.'), say('Two.')]);
  await say('Three.');
  expect(simulator.connections()).toBe(1);
  expect(simulator.speeches().map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
});

it('speaks with the character’s voice, else its own, in the plain language', async () => {
  await say('One.', 'a-voice');
  await say('はい。', undefined, 'ja-JP');
  expect(simulator.speeches()).toMatchObject([
    { voice: 'a-voice', language: 'en' },
    { voice: '79a125e8-cd45-4c13-8a67-188112f4dd22', language: 'ja' },
  ]);
});

it('opens another socket when the provider has closed the one that idled', async () => {
  await say('One.');
  simulator.configure({ idleMs: 1 });
  await say('Two.');
  await holds(async () => {
    await say('Three.');
    expect(simulator.connections()).toBeGreaterThan(1);
  });
});

it('cuts leading silence to 40 ms, and the words’ times with it', async () => {
  simulator.configure({ leadingSilenceMs: 200 });
  const { events, words } = await say('Hello there.');
  const first = events.find((event) => event.type === 'audio');
  expect(first?.pcm.findIndex((sample) => Math.abs(sample) > 164)).toBe(40 * 24);
  expect(words[0]?.fromMs).toBeLessThan(40);
  expect(words[0]?.fromMs).toBeGreaterThan(20);
});

it('takes what it cannot read for the end of the socket', async () => {
  simulator.arm({ kind: 'garbage', afterMs: 200, times: 1 });
  expect((await say('Hello there, my friend.')).error).toMatchObject({
    kind: 'malformed',
    service: 'tts',
  });
  expect((await say('Hello.')).error).toBeUndefined();
  expect(simulator.connections()).toBe(2);
});

it('lets no context stay behind that its speaker left: the provider is told', async () => {
  const speaker = new AbortController();
  const speech = tts.speak({ voice: undefined, language: 'en' }, endless(), speaker.signal);
  await hear(speech, () => speaker.abort(new Error('interrupted')));
  await holds(() => expect(simulator.speeches()[0]?.outcome).toBe('cancelled'));
});

it.each([
  { waitMs: 4_000, connections: 2 },
  { waitMs: 1_000, connections: 1 },
])(
  'given up after $waitMs ms of silence it has used $connections sockets',
  async ({ waitMs, connections }) => {
    await tts.warmUp();
    clock.pass(1);
    simulator.arm({ kind: 'stall', times: 1 });
    const speaker = new AbortController();
    const heard = hear(
      tts.speak({ voice: undefined, language: 'en' }, textOf('Hello.'), speaker.signal),
    );
    await holds(() => expect(simulator.speeches()).toHaveLength(1));
    clock.pass(waitMs);
    speaker.abort(new Error('watchdog'));
    await heard;
    expect((await say('Hello.')).error).toBeUndefined();
    expect(simulator.connections()).toBe(connections);
  },
);

it('is not available where nobody listens, and warming up does not tell', async () => {
  await simulator[Symbol.asyncDispose]();
  await tts.warmUp();
  expect((await say('Hello.')).error).toMatchObject({ kind: 'unavailable', retryable: true });
});

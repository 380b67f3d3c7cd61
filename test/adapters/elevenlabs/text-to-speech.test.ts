import { afterEach, beforeEach, expect, it } from 'vitest';
import { openElevenLabsSimulator } from '../../../dev/simulators/elevenlabs/server.ts';
import type { VoiceSimulator } from '../../../dev/simulators/voice/server.ts';
import { makeElevenLabs } from '../../../src/adapters/elevenlabs/text-to-speech.ts';
import type { TextToSpeech } from '../../../src/ports/text-to-speech.ts';
import { endless, hear, NEVER, textOf } from '../../contract/text-to-speech-hearing.ts';
import { openHandClock } from '../../support/hand-clock.ts';
import type { HandClock } from '../../support/hand-clock.ts';
import { holds } from '../../support/holds.ts';

let simulator: VoiceSimulator;
let clock: HandClock;
let tts: TextToSpeech;

beforeEach(async () => {
  simulator = await openElevenLabsSimulator({ latency: { firstSoundMs: 0 }, speed: 100 });
  clock = openHandClock();
  tts = makeElevenLabs({ apiKey: simulator.apiKey, baseUrl: simulator.url, clock });
});

afterEach(() => simulator[Symbol.asyncDispose]());

const say = (text: string, voice?: string, language = 'en-GB') =>
  hear(tts.speak({ voice, language }, textOf(text), NEVER));

it('puts five speeches on a socket, and uses sockets again', async () => {
  const six = ['One.', 'Two.', 'Three.', 'Four.', 'Five.', 'Six.'];
  const heard = await Promise.all(six.map((text) => say(text)));
  expect(heard.map(({ said }) => said)).toEqual(six);
  expect(simulator.connections()).toBe(2);
  await Promise.all(six.map((text) => say(text)));
  expect(simulator.connections()).toBe(2);
});

it('counts a context that was left while it still sounds there', async () => {
  simulator.configure({ speed: 1 });
  const speaker = new AbortController();
  const request = { voice: undefined, language: 'en' };
  const left = [1, 2, 3, 4, 5].map(() =>
    hear(tts.speak(request, endless(), speaker.signal), () => speaker.abort(new Error('enough'))),
  );
  await Promise.all(left);
  simulator.configure({ speed: 100 });
  expect((await say('Next.')).error).toBeUndefined();
  expect(simulator.connections()).toBe(2);
});

it('has a socket for each voice and language', async () => {
  await say('One.', 'a-voice');
  await say('Two.', 'other-voice');
  await say('はい。', 'a-voice', 'ja');
  await say('Four.', 'a-voice', 'en-US');
  expect(simulator.speeches()).toMatchObject([
    { voice: 'a-voice', language: 'en', connection: 1 },
    { voice: 'other-voice', connection: 2 },
    { voice: 'a-voice', language: 'ja', connection: 3 },
    { voice: 'a-voice', language: 'en', connection: 1 },
  ]);
});

it('warms up the voice that spoke last', async () => {
  await tts.warmUp();
  expect(simulator.connections()).toBe(0);
  simulator.arm({ kind: 'cut', times: 1 });
  await say('One.', 'a-voice');
  await tts.warmUp();
  expect(simulator.connections()).toBe(2);
  await say('Two.', 'a-voice');
  expect(simulator.connections()).toBe(2);
});

it('takes what it cannot read for the end of the socket', async () => {
  simulator.arm({ kind: 'garbage', afterMs: 200, times: 1 });
  expect((await say('Hello there, my friend.')).error).toMatchObject({ kind: 'malformed' });
  expect((await say('Hello.')).error).toBeUndefined();
});

it('does not speak on a socket again that was silent for seconds', async () => {
  await say('Hello.');
  clock.pass(1);
  simulator.arm({ kind: 'stall', times: 1 });
  const speaker = new AbortController();
  const heard = hear(
    tts.speak({ voice: undefined, language: 'en' }, textOf('Hello.'), speaker.signal),
  );
  await holds(() => expect(simulator.speeches()).toHaveLength(2));
  clock.pass(4_000);
  speaker.abort(new Error('watchdog'));
  await heard;
  expect((await say('Hello.')).error).toBeUndefined();
  expect(simulator.connections()).toBe(2);
});

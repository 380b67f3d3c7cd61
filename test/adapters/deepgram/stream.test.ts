import { DeepgramClient } from '@deepgram/sdk';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDeepgramSimulator } from '../../../dev/simulators/deepgram/server.ts';
import type { SpeechSimulator } from '../../../dev/simulators/speech/server.ts';
import { readSamples, recordingOf } from '../../../dev/speech/catalog.ts';
import { openStream } from '../../../src/adapters/deepgram/stream.ts';
import type { SttEvent, SttStream } from '../../../src/ports/speech-to-text.ts';
import { openHandClock } from '../../support/hand-clock.ts';
import type { HandClock } from '../../support/hand-clock.ts';
import { holds } from '../../support/holds.ts';
import { silence } from '../../support/sound-path.ts';

let simulator: SpeechSimulator;
let clock: HandClock;
/** How long each timer waits that was set. */
let waits: number[];
let events: SttEvent[];
/** What the listener does with what it is told. */
let heard: () => void;
let stream: SttStream;
beforeEach(async () => {
  simulator = await openDeepgramSimulator({ latency: { partialMs: 0, finalMs: 0 } });
  clock = openHandClock();
  waits = [];
  events = [];
  heard = () => undefined;
});
afterEach(async () => {
  stream[Symbol.dispose]();
  await simulator[Symbol.asyncDispose]();
});

function open(language?: string, model = 'nova-3', names?: readonly string[]): SttStream {
  const client = new DeepgramClient({ apiKey: simulator.apiKey, baseUrl: simulator.url });
  const watched = {
    ...clock,
    after(ms: number, run: () => void) {
      waits.push(ms);
      return clock.after(ms, run);
    },
  };
  const deps = { client, clock: watched, model, random: () => 0 };
  stream = openStream(deps, { language, ...(names && { names }) }, (event) => {
    events.push(event);
    heard();
  });
  return stream;
}

const types = (): readonly string[] => events.map(({ type }) => type);
const said = (): readonly string[] =>
  events.flatMap((event) => (event.type === 'final' ? [event.text] : []));
const first = () => simulator.streams()[0];
const isOpen = () => holds(() => expect(first()?.outcome).toBe('open'));

/** Lets the pause pass after the connection was lost for the `times`th time in a row. */
async function comeBack(times: number): Promise<void> {
  const pauseMs = 100 * 2 ** (times - 1);
  await holds(() => expect(waits.at(-1)).toBe(pauseMs));
  clock.pass(pauseMs);
}

it.each([
  ['en-US', 'en'],
  ['ja', 'ja'],
  [undefined, 'multi'],
])('asks for %s as %s, with interims and punctuation', async (language, code) => {
  open(language, 'nova-2');
  await isOpen();
  expect(first()?.parameters).toMatchObject({
    model: 'nova-2',
    encoding: 'linear16',
    sample_rate: 16_000,
    language: code,
    interim_results: true,
    punctuate: true,
    smart_format: false,
  });
});

it.each([
  ['nova-3', 'en', ['Mira Bell', 'Meera']],
  ['nova-3', undefined, []],
  ['nova-2', 'en', []],
])(
  'asks %s in %s for the names that may be said, if it takes any',
  async (model, language, keyterm) => {
    open(language, model, ['Mira Bell', 'Meera']);
    await isOpen();
    expect(first()?.parameters).toMatchObject({ model, keyterm });
  },
);

it('is told the language where several may come', async () => {
  open().push(readSamples(recordingOf('osusume-yuki')));
  stream.flush();
  await holds(() => expect(types()).toContain('flushed'));
  expect(events).toContainEqual(expect.objectContaining({ type: 'final', language: 'ja' }));
});

it('keeps the stream alive while no sound flows, and only then', async () => {
  const kept = (): number | undefined => first()?.said['KeepAlive'];
  open('en');
  await holds(() => expect(waits).toEqual([5_000, 4_000]));
  clock.pass(3_000);
  stream.push(silence(20));
  clock.pass(3_999);
  stream.push(silence(20));
  clock.pass(4_000);
  await holds(() => expect(first()).toMatchObject({ audioMs: 40, said: { KeepAlive: 1 } }));
  clock.pass(8_000);
  await holds(() => expect(kept()).toBe(3));
});

it('waits 1 s for an answer to a flush that is not worth one', async () => {
  open('en');
  await isOpen();
  stream.push(silence(50));
  stream.flush();
  await holds(() => expect(first()?.said['Finalize']).toBe(1));
  clock.pass(999);
  expect(types()).not.toContain('flushed');
  expect(stream.isIdle()).toBe(false);
  clock.pass(1);
  expect(types()).toContain('flushed');
  expect(stream.isIdle()).toBe(true);
  stream.flush();
  await holds(() => expect(types()).toEqual(['flushed', 'flushed']));
  expect(first()?.said['Finalize']).toBe(1);
});

it('takes no answer to an earlier flush for one to the last', async () => {
  simulator.configure({ latency: { finalMs: 200 } });
  const [one, other] = ['stop-emma', 'green-sam'].map((id) => readSamples(recordingOf(id)));
  open('en').push(one ?? silence(0));
  await isOpen();
  stream.flush();
  stream.push(other ?? silence(0));
  stream.flush();
  await holds(() => expect(types()).toContain('flushed'));
  expect(said()).toEqual(['Stop.', 'My favorite color is green.']);
});

it('asks for finals once it can, be it on another connection', async () => {
  simulator.arm({ kind: 'cut', afterMs: 900, times: 1 });
  open('en').push(readSamples(recordingOf('weather-oliver')).subarray(0, 16_000));
  stream.flush();
  await comeBack(1);
  await holds(() => expect(types()).toContain('flushed'));
  expect(said()).toEqual(['What is the weather']);
  expect(simulator.streams().map(({ outcome }) => outcome)).toEqual(['lost', 'open']);
});

it('says on a new connection only what is not final, and counts its time from there', async () => {
  const sentence = readSamples(recordingOf('green-sam'));
  simulator.arm({ kind: 'cut', afterMs: sentence.length / 16 + 1_000, times: 1 });
  open('en').push(sentence);
  stream.push(silence(600));
  await holds(() => expect(said()).toHaveLength(1));
  stream.push(silence(500));
  await comeBack(1);
  await holds(() => expect(simulator.streams()[1]?.audioMs).toBeGreaterThan(0));
  expect(simulator.streams()[1]?.audioMs).toBeLessThan(1_100);
  stream.push(readSamples(recordingOf('stop-emma')));
  stream.flush();
  await holds(() => expect(said()).toEqual(['My favorite color is green.', 'Stop.']));
  const last = events.findLast((event) => event.type === 'final');
  const begins = sentence.length / 16 + 1_100;
  expect(Math.abs((last?.audioFromMs ?? 0) - begins)).toBeLessThan(100);
});

it('comes back four times in a row, later each time, then gives up', async () => {
  simulator.arm({ kind: 'server-error' });
  open('en').push(silence(300));
  for (const times of [1, 2, 3, 4]) await comeBack(times);
  await holds(() => expect(types()).toEqual(['ended']));
  expect(events[0]).toMatchObject({ error: { kind: 'unavailable', service: 'stt' } });
  expect(simulator.streams()).toHaveLength(5);
  expect(clock.timers()).toBe(0);
});

it('counts anew once it was heard', async () => {
  simulator.arm({ kind: 'server-error', times: 2 });
  simulator.arm({ kind: 'cut', afterMs: 1_500, times: 1 });
  open('en').push(silence(1_200));
  await comeBack(1);
  await comeBack(2);
  await holds(() => expect(types()).toContain('acknowledged'));
  stream.push(silence(500));
  await comeBack(1);
  await holds(() => expect(simulator.streams()).toHaveLength(4));
});

it('that comes back to a refusal ends', async () => {
  simulator.arm({ kind: 'cut', times: 1 });
  open('en').push(silence(300));
  await holds(() => expect(simulator.streams()).toHaveLength(1));
  simulator.arm({ kind: 'unauthorized' });
  await comeBack(1);
  await holds(() => expect(types()).toEqual(['ended']));
  expect(events[0]).toMatchObject({ error: { kind: 'auth', service: 'stt' } });
});

it('that comes back too soon tries again', async () => {
  simulator.arm({ kind: 'cut', times: 1 });
  open('en').push(silence(1_000));
  await holds(() => expect(simulator.streams()).toHaveLength(1));
  simulator.arm({ kind: 'rate-limited', times: 1 });
  await comeBack(1);
  await comeBack(2);
  await holds(() => expect(types()).toEqual(['acknowledged']));
});

it('waits 5 s for a connection', async () => {
  simulator.arm({ kind: 'hang' });
  open('en').push(silence(300));
  clock.pass(4_999);
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).toEqual([]);
  clock.pass(1);
  await holds(() => expect(types()).toEqual(['ended']));
  expect(events[0]).toMatchObject({ error: { kind: 'timeout', service: 'stt' } });
  expect(clock.timers()).toBe(0);
});

it('takes its leave', async () => {
  open('en');
  await holds(() => expect(waits).toHaveLength(2));
  stream[Symbol.dispose]();
  await holds(() => expect(first()).toMatchObject({ outcome: 'closed', said: { CloseStream: 1 } }));
  expect(clock.timers()).toBe(0);
});

it('says nothing more once it was closed, even while it tells', async () => {
  heard = () => stream[Symbol.dispose]();
  open('en').push(readSamples(recordingOf('green-sam')));
  await holds(() => expect(types()).toEqual(['acknowledged', 'ended']));
});

it('that is closed before it is connected never connects', async () => {
  simulator.configure({ latency: { connectMs: 50 } });
  open('en')[Symbol.dispose]();
  const ended = stream;
  open('en');
  await isOpen();
  expect(simulator.streams()).toHaveLength(1);
  ended[Symbol.dispose]();
  expect(types()).toEqual(['ended']);
});

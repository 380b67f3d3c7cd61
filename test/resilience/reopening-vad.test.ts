import { expect, it } from 'vitest';
import type { SpeechWindow, VoiceActivity } from '../../src/ports/voice-activity.ts';
import { withReopening } from '../../src/resilience/reopening-vad.ts';
import { crashingSilero } from '../support/crashing-silero.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';
import { listenTo, recordingSamples } from '../support/speech-windows.ts';
import { systemClock } from '../../src/lib/clock.ts';

/** A model that judges each push at once, and dies by hand. */
function makeModel() {
  const failures: ((error: unknown) => void)[] = [];
  let isClosed = false;
  const model: VoiceActivity = {
    open(judged, failed) {
      let toSample = 0;
      failures.push(failed);
      return {
        push: (pcm) => judged({ probability: 1, toSample: (toSample += pcm.length) }),
        [Symbol.dispose]: () => undefined,
      };
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
    },
  };
  const die = (): void => failures.forEach((failed) => failed(new Error('died')));
  return { model, die, isClosed: () => isClosed };
}

function openWorld() {
  const clock = openHandClock();
  const observed: string[] = [];
  const models = [makeModel()];
  let broken = 0;
  let openings = 0;
  const vad = withReopening(
    {
      clock,
      random: () => 1,
      observe: ({ type }) => void observed.push(type),
      async open() {
        openings += 1;
        broken -= 1;
        if (broken >= 0) throw new Error('does not load');
        const made = makeModel();
        models.push(made);
        return made.model;
      },
    },
    models[0]!.model,
  );
  const listen = () => {
    const windows: SpeechWindow[] = [];
    const failures: unknown[] = [];
    const judged = (window: SpeechWindow): void => void windows.push(window);
    const stream = vad.open(judged, (error) => void failures.push(error));
    return { stream, failures, windows: () => windows.map(({ toSample }) => toSample) };
  };
  return {
    clock,
    vad,
    models,
    observed,
    listen,
    openings: () => openings,
    breakLoading: (times: number) => void (broken = times),
  };
}

it('goes on with a new model, and counts what sounded in between', async () => {
  const { models, listen, observed } = openWorld();
  const [ann, ben] = [listen(), listen()];
  ann.stream.push(new Int16Array(512));
  models[0]!.die();
  ann.stream.push(new Int16Array(100));
  await settled();
  ann.stream.push(new Int16Array(512));
  ben.stream.push(new Int16Array(512));
  expect([ann.windows(), ben.windows()]).toEqual([[512, 1_124], [512]]);
  expect([ann.failures, ben.failures]).toEqual([[], []]);
  expect([models.length, models[0]!.isClosed(), observed]).toEqual([2, true, ['provider-failed']]);
});

it('tells its streams after three openings in vain, and tries on', async () => {
  const { clock, models, listen, breakLoading, openings } = openWorld();
  const ann = listen();
  breakLoading(5);
  models[0]!.die();
  await settled();
  expect(openings()).toBe(1);
  await clock.live(500 + 999);
  expect([openings(), ann.failures.length]).toEqual([2, 0]);
  await clock.live(1);
  expect([openings(), ann.failures.length]).toEqual([3, 1]);
  const late = listen();
  await clock.live(2_000 + 4_000 + 8_000);
  expect([openings(), models.length]).toEqual([6, 2]);
  ann.stream.push(new Int16Array(512));
  late.stream.push(new Int16Array(512));
  expect([ann.windows(), late.windows(), ann.failures.length]).toEqual([[512], [512], 1]);
});

it('does not spin where every model dies at once, but forgives one that has lived', async () => {
  const { clock, models, listen, openings } = openWorld();
  listen();
  for (const pauseMs of [0, 500, 1_000]) {
    const before = openings();
    models.at(-1)!.die();
    await settled();
    if (pauseMs > 0) {
      await clock.live(pauseMs - 1);
      expect(openings()).toBe(before);
      await clock.live(1);
    }
    expect(openings()).toBe(before + 1);
  }
  expect(openings()).toBe(3);
  await clock.live(60_000);
  models.at(-1)!.die();
  await settled();
  expect(openings()).toBe(4);
});

it('once closed opens nothing any more', async () => {
  const { clock, vad, models, listen, breakLoading, openings } = openWorld();
  const ann = listen();
  breakLoading(10);
  models[0]!.die();
  await settled();
  await vad[Symbol.asyncDispose]();
  await clock.live(60_000);
  expect([openings(), ann.failures, clock.timers()]).toEqual([1, [], 0]);
});

it('of Silero: a thread that dies in the middle of a sentence is replaced', async () => {
  await using first = await crashingSilero();
  const second = Promise.withResolvers<VoiceActivity>();
  await using vad = withReopening(
    {
      clock: systemClock,
      random: Math.random,
      observe: () => undefined,
      async open() {
        const { voiceActivity } = await crashingSilero();
        second.resolve(voiceActivity);
        return voiceActivity;
      },
    },
    first.voiceActivity,
  );
  const speech = recordingSamples('hello-emma');
  const stream = listenTo(vad);
  stream.push(speech.slice(0, 10 * 512));
  await stream.judged(10);
  first.crash();
  await second.promise;
  await settled();
  stream.push(speech.slice(10 * 512, 40 * 512));
  const windows = await stream.judged(40);
  expect(windows.at(-1)?.toSample).toBe(40 * 512);
  expect(windows.slice(20).some(({ probability }) => probability > 0.5)).toBe(true);
  expect(stream.failures).toEqual([]);
});

import { expect, it } from 'vitest';
import { crashingSilero } from '../../support/crashing-silero.ts';
import { framesOf, listenTo, recordingSamples } from '../../support/speech-windows.ts';

const WINDOW = 512;
/** 4 s. */
const LONG = 125;

/** One window of a tone, whose level is that of its amplitude. */
const tone = (amplitude: number): Int16Array =>
  Int16Array.from({ length: WINDOW }, (_none, at) => (at % 2 === 0 ? amplitude : -amplitude));

it('passes over what has been below -80 dB for 4 s, and hears speech behind it as ever', async () => {
  await using world = await crashingSilero();
  const stream = listenTo(world.voiceActivity);
  for (let count = 1; count <= LONG; count += 1) {
    stream.push(tone(3));
    expect(stream.windows).toHaveLength(count - 1);
    await stream.judged(count);
  }
  stream.push(tone(3));
  stream.push(tone(3));
  expect(stream.windows.slice(LONG)).toEqual([
    { probability: 0, toSample: (LONG + 1) * WINDOW },
    { probability: 0, toSample: (LONG + 2) * WINDOW },
  ]);
  const speech = recordingSamples('hello-emma');
  let pushed = LONG + 2;
  for (const frame of framesOf(speech.subarray(0, 40 * WINDOW), WINDOW)) {
    stream.push(frame);
    await stream.judged((pushed += 1));
  }
  const heard = stream.windows.slice(LONG + 2 + 4).map(({ probability }) => probability);
  expect(heard.filter((one) => one > 0.5).length / heard.length).toBeGreaterThan(0.7);
  expect(stream.windows.map(({ toSample }) => toSample)).toEqual(
    stream.windows.map((_window, at) => (at + 1) * WINDOW),
  );
});

it('gives the model all of a stream that is a little louder', async () => {
  await using world = await crashingSilero();
  const stream = listenTo(world.voiceActivity);
  for (let count = 1; count <= LONG + 2; count += 1) {
    stream.push(tone(4));
    expect(stream.windows).toHaveLength(count - 1);
    await stream.judged(count);
  }
});

it('asks the model about speech as faint as -69 dB', async () => {
  await using world = await crashingSilero();
  const stream = listenTo(world.voiceActivity);
  for (let count = 1; count <= LONG; count += 1) {
    stream.push(tone(0));
    await stream.judged(count);
  }
  const faint = recordingSamples('weather-oliver').map((sample) => Math.round(sample / 500));
  let pushed = LONG;
  for (const frame of framesOf(faint.subarray(0, 50 * WINDOW), WINDOW)) {
    stream.push(frame);
    await stream.judged((pushed += 1));
  }
  const heard = stream.windows.slice(LONG).filter(({ probability }) => probability > 0.1);
  expect(heard.length).toBeGreaterThan(25);
});

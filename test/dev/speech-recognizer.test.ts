import { describe, expect, it } from 'vitest';
import { joinWords, readSamples, RECORDINGS, recordingOf } from '../../dev/speech/catalog.ts';
import { openRecognizer } from '../../dev/simulators/speech/recognizer.ts';
import type { Recognized, Utterance } from '../../dev/simulators/speech/recognizer.ts';
import { degrade, silence, stretch } from '../support/sound-path.ts';

/** What is recognized in a stream that comes in frames of 32 ms. */
function recognize(pcm: Int16Array, endpointingMs = 300): Recognized[] {
  const events: Recognized[] = [];
  const recognizer = openRecognizer({ endpointingMs }, (event) => events.push(event));
  for (let at = 0; at < pcm.length; at += 512) recognizer.push(pcm.subarray(at, at + 512));
  return events;
}

function utterances(events: readonly Recognized[]): Utterance[] {
  return events.flatMap((event) => (event.type === 'utterance-ended' ? [event.utterance] : []));
}

function textOf(events: readonly Recognized[], language: string | null): string {
  return joinWords(
    utterances(events).map(({ text }) => text),
    language,
  );
}

function concat(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

const SPOKEN = RECORDINGS.filter(({ kind }) => kind !== 'noise');
const PATHS = [
  {
    name: 'faint, dull and in noise',
    path: { gain: 0.5, noiseDb: -60, cutHz: 4_000 },
    shift: 331,
    spoken: SPOKEN,
  },
  {
    name: 'clean, loud and shifted by half a frame',
    path: { gain: 1.5, noiseDb: -80, cutHz: 8_000 },
    shift: 167,
    spoken: SPOKEN.filter(({ voice }) => voice === 'emma' || voice === 'ken'),
  },
];

describe.each(PATHS)('over a path that is $name', ({ shift, path, spoken }) => {
  it.each(spoken)('understands $id', (recording) => {
    const heard = concat(silence(500, shift), readSamples(recording), silence(800));
    const events = recognize(degrade(heard, path));
    // "What" after a pause sounds like "what" at a beginning, to the sample.
    const text = textOf(events, recording.language).toLowerCase();
    expect(text).toBe(recording.text.toLowerCase());
    const [first] = utterances(events);
    expect(first?.language).toBe(recording.language);
    expect(first?.confidence).toBeGreaterThan(0.85);
    const words = utterances(events).flatMap((utterance) => utterance.words);
    const begins = 500 + shift / 16;
    words.forEach(({ fromMs, toMs }, index) => {
      const truth = recording.words[index];
      expect(Math.abs(fromMs - begins - (truth?.fromMs ?? 0))).toBeLessThan(80);
      expect(Math.abs(toMs - begins - (truth?.toMs ?? 0))).toBeLessThan(80);
    });
  });

  it('hears nothing in noises', () => {
    const noises = RECORDINGS.filter(({ kind }) => kind === 'noise');
    for (const noise of noises) {
      const heard = concat(silence(500, shift), readSamples(noise), silence(800));
      expect({ [noise.id]: recognize(degrade(heard, path)) }).toEqual({ [noise.id]: [] });
    }
  });
});

it('tells recordings apart that follow each other closely', () => {
  const parts = ['hello-emma', 'yeah-sam', 'osusume-yuki', 'ada-think-oliver'].map(recordingOf);
  const heard = parts.flatMap((recording) => [readSamples(recording), silence(120)]);
  const events = recognize(concat(silence(300), ...heard, silence(500)), 180);
  expect(utterances(events).map(({ text }) => text)).toEqual(parts.map(({ text }) => text));
});

it('ends an utterance at a pause in the middle of a sentence, and goes on', () => {
  const events = recognize(concat(readSamples(recordingOf('table-oliver')), silence(800)));
  expect(utterances(events).map(({ text }) => text)).toEqual([
    'I would like to',
    'book a table for two.',
  ]);
});

it('tells words as they are said', () => {
  const events = recognize(concat(readSamples(recordingOf('weather-grace')), silence(800)));
  expect(events[0]?.type).toBe('speech-started');
  const growing = events.flatMap((event) => (event.type === 'words' ? [event.utterance.text] : []));
  expect(growing.length).toBeGreaterThan(3);
  expect(growing.at(-1)).toBe('What is the weather like today?');
});

it.each([
  ['broken off in the middle', (pcm: Int16Array) => pcm.subarray(0, 16_000), 'What is the weather'],
  ['begun in the middle', (pcm: Int16Array) => pcm.subarray(8_000), 'weather like today?'],
])('understands what there is of speech %s', (_what, part, text) => {
  const speech = part(readSamples(recordingOf('weather-oliver')));
  const events = recognize(concat(silence(400), speech, silence(800)));
  expect(utterances(events).map((utterance) => utterance.text)).toEqual([text]);
});

it('can be made to finish before silence does', () => {
  const events: Recognized[] = [];
  const recognizer = openRecognizer({ endpointingMs: 300 }, (event) => events.push(event));
  recognizer.push(readSamples(recordingOf('stop-emma')));
  expect(utterances(events)).toEqual([]);
  recognizer.finish();
  recognizer.finish();
  expect(utterances(events).map(({ text }) => text)).toEqual(['Stop.']);
});

it.each([0.97, 1.03])('keeps up with a clock that runs at %f of its pace', (pace) => {
  const said = ['story-oliver', 'konnichiwa-ken'].map(recordingOf);
  for (const recording of said) {
    const heard = stretch(concat(silence(300), readSamples(recording), silence(800)), pace);
    expect(textOf(recognize(heard), recording.language)).toBe(recording.text);
  }
});

import { setImmediate as tick } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { EventBody, Person } from '../../src/conversation/events.ts';
import { openHearing } from '../../src/mode/hearing.ts';
import type { Microphone, MicrophoneListener, Transcript } from '../../src/ports/room-sound.ts';
import type { SttEvent, SttOptions } from '../../src/ports/speech-to-text.ts';
import type { SpeechWindow } from '../../src/ports/voice-activity.ts';
import { openHandClock } from '../support/hand-clock.ts';

const ANN: Person = { identity: 'ann', name: 'Ann', kind: 'human' };
const FRAME = 512;
const SETTINGS = {
  threshold: 0.5,
  minSpeechMs: 64,
  minPauseMs: 96,
  sustainedMs: 300,
  language: 'en',
  minConfidence: 0.7,
};

/** A transcription as the provider's side has it. */
interface FakeStream {
  readonly options: SttOptions;
  readonly tell: (event: SttEvent) => void;
  samples: number;
  flushes: number;
  closed: boolean;
  idle: boolean;
}

/** A room whose microphones, VAD (loud is speech) and provider are in our hands. */
function openWorld() {
  const clock = openHandClock();
  const events: EventBody[] = [];
  const shown: Transcript[] = [];
  const streams: FakeStream[] = [];
  const observed: string[] = [];
  let opener: ((microphone: Microphone) => MicrophoneListener) | undefined;
  const hearing = openHearing(
    {
      clock,
      settings: SETTINGS,
      observe: (one) => observed.push(one.type),
      link: {
        hear(open) {
          opener = open;
          return { [Symbol.dispose]: () => undefined };
        },
        showTranscript: (transcript) => shown.push(transcript),
      },
      vad: {
        open: (judged: (window: SpeechWindow) => void) => {
          let toSample = 0;
          return {
            push(pcm) {
              toSample += pcm.length;
              judged({ probability: pcm[0] === 0 ? 0 : 1, toSample });
            },
            [Symbol.dispose]: () => undefined,
          };
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
      stt: {
        name: 'fake',
        finalP99Ms: 500,
        open(options, tell) {
          const stream: FakeStream = {
            options,
            tell,
            samples: 0,
            flushes: 0,
            closed: false,
            idle: true,
          };
          streams.push(stream);
          return {
            push: (pcm) => void (stream.samples += pcm.length),
            flush: () => void (stream.flushes += 1),
            isIdle: () => stream.idle,
            [Symbol.dispose]: () => void (stream.closed = true),
          };
        },
      },
    },
    (event) => events.push(event),
  );
  return {
    clock,
    events,
    shown,
    streams,
    observed,
    hearing,
    opens(muted = false, trackId = 'TR_1'): MicrophoneListener {
      if (opener === undefined) throw new Error('nobody listens');
      return opener({ trackId, person: ANN, muted });
    },
    /** Frames of 32 ms: `#` with sound, `.` without. */
    hears(ear: MicrophoneListener, frames: string): void {
      for (const one of frames) {
        clock.pass(32);
        ear.frame(new Int16Array(FRAME).fill(one === '#' ? 1_000 : 0));
      }
    },
    types: () => events.map(({ type }) => type),
  };
}

it('opens a transcription with an open microphone, and one with a muted one at first speech', () => {
  const world = openWorld();
  world.opens(false);
  expect(world.streams).toHaveLength(1);
  const ear = world.opens(true, 'TR_2');
  expect(world.streams).toHaveLength(1);
  world.hears(ear, '....................####');
  expect(world.streams).toHaveLength(2);
  // What was before the speech came along: 600 ms at most.
  expect(world.streams[1]?.samples).toBe(9_600 + 2 * FRAME);
  expect(world.streams[1]?.options).toEqual({ language: 'en' });
});

it('tells speech and words in the time of the speaker, over two microphones', async () => {
  const world = openWorld();
  const first = world.opens();
  world.hears(first, '..####');
  world.streams[0]?.tell({
    type: 'final',
    text: 'Hello.',
    confidence: 0.9,
    language: 'en',
    audioFromMs: 64,
    audioToMs: 190,
  });
  first.closed();
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  const second = world.opens(true, 'TR_2');
  world.hears(second, '..####');
  world.streams[1]?.tell({ type: 'interim', text: 'again', audioFromMs: 64, audioToMs: 128 });
  expect(world.events).toEqual([
    { type: 'speech-started', person: ANN, audioFrom: 64 },
    {
      type: 'words-heard',
      person: ANN,
      text: 'Hello.',
      final: true,
      audioFrom: 64,
      audioTo: 190,
    },
    { type: 'speech-stopped', identity: 'ann', audioTo: 192 },
    { type: 'microphone-silent', identity: 'ann' },
    { type: 'speech-started', person: ANN, audioFrom: 256 },
    {
      type: 'words-heard',
      person: ANN,
      text: 'again',
      final: false,
      audioFrom: 256,
      audioTo: 320,
    },
  ]);
});

it('waits for the last words of a muted microphone, for a while', async () => {
  const world = openWorld();
  const ear = world.opens();
  world.hears(ear, '####');
  ear.muted();
  expect(world.streams[0]?.flushes).toBe(1);
  expect(world.types()).toEqual(['speech-started', 'speech-stopped']);
  world.clock.pass(3_000);
  await tick();
  expect(world.types().at(-1)).toBe('microphone-silent');
  expect(world.streams[0]?.closed).toBe(false);
});

it('takes nobody for silent who speaks again while the last words come', async () => {
  const world = openWorld();
  const ear = world.opens();
  world.hears(ear, '####');
  ear.muted();
  ear.unmuted();
  world.hears(ear, '..####');
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  expect(world.types()).toEqual(['speech-started', 'speech-stopped', 'speech-started']);
});

it('takes nobody for silent who speaks by another microphone', async () => {
  const world = openWorld();
  const first = world.opens();
  world.hears(first, '####');
  const second = world.opens(true, 'TR_2');
  first.closed();
  world.hears(second, '####');
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  expect(world.types()).toEqual(['speech-started', 'speech-stopped', 'speech-started']);
});

it('ends what is said when no frames come any more', async () => {
  const world = openWorld();
  const ear = world.opens();
  world.hears(ear, '####');
  world.clock.pass(499);
  expect(world.streams[0]?.flushes).toBe(0);
  world.clock.pass(1);
  expect(world.streams[0]?.flushes).toBe(1);
  world.streams[0]?.tell({ type: 'flushed' });
  await tick();
  expect(world.types()).toEqual(['speech-started', 'speech-stopped', 'microphone-silent']);
});

it('drops words that the provider is not sure of', () => {
  const world = openWorld();
  world.opens();
  world.streams[0]?.tell({
    type: 'final',
    text: 'Hm?',
    confidence: 0.4,
    language: undefined,
    audioFromMs: 0,
    audioToMs: 100,
  });
  expect(world.events).toEqual([{ type: 'words-dropped', identity: 'ann' }]);
});

it('closes a transcription that has been quiet for long, and one that failed opens with new speech', () => {
  const world = openWorld();
  const ear = world.opens();
  world.hears(ear, '####....');
  world.clock.pass(60_000);
  world.hears(ear, '.');
  expect(world.streams[0]?.closed).toBe(true);
  world.hears(ear, '####');
  expect(world.streams).toHaveLength(2);
  world.streams[1]?.tell({ type: 'ended', error: undefined });
  world.hears(ear, '....####');
  expect(world.streams).toHaveLength(3);
});

it('tells the silence that was asked for, and shows who says what', () => {
  const world = openWorld();
  const ear = world.opens();
  world.hears(ear, '####...');
  world.hearing.watchSilence('ann', 7, 160);
  world.hears(ear, '..');
  expect(world.events.at(-1)).toEqual({ type: 'silence-reached', identity: 'ann', watchId: 7 });
  const said = { turnId: 'ann/v-1', speaker: 'ann', text: 'Hello', final: true };
  world.hearing.showTranscript(said);
  ear.closed();
  world.hearing.showTranscript({ ...said, text: '' });
  world.hearing.showTranscript({ ...said, speaker: 'nobody' });
  expect(world.shown.map(({ trackId, text }) => [trackId, text])).toEqual([
    ['TR_1', 'Hello'],
    ['TR_1', ''],
  ]);
});

import { setImmediate as tick } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ANN, FRAME, openHearingWorld } from './hearing-world.ts';

it('opens a transcription with an open microphone, and one with a muted one at first speech', () => {
  const world = openHearingWorld();
  world.opens(false);
  expect(world.streams).toHaveLength(1);
  const ear = world.opens(true, 'TR_2');
  expect(world.streams).toHaveLength(1);
  world.hears(ear, '....................####');
  expect(world.streams).toHaveLength(2);
  // What was before the speech came along: 600 ms at most.
  expect(world.streams[1]?.samples).toBe(9_600 + 2 * FRAME);
  expect(world.streams[1]?.options).toMatchObject({ language: 'en' });
});

it('gathers sound for the provider once nobody has spoken for 3 s, and sends it before anybody waits', async () => {
  const world = openHearingWorld();
  const ear = world.opens();
  const sent = () => [world.streams[0]?.pieces, (world.streams[0]?.samples ?? 0) / FRAME];
  world.hears(ear, '.'.repeat(93));
  expect(sent()).toEqual([93, 93]);
  world.hears(ear, '.'.repeat(8));
  expect(sent()).toEqual([94, 101]);
  world.hears(ear, '##');
  expect(world.types()).toEqual(['speech-started']);
  expect(sent()).toEqual([95, 103]);
  world.hears(ear, '##....');
  expect(sent()).toEqual([101, 109]);
  world.hears(ear, '.'.repeat(93));
  const [pieces = 0] = sent();
  world.hears(ear, '.'.repeat(4));
  ear.muted();
  await tick();
  expect(sent()).toEqual([pieces + 1, 206]);
});

it('tells the provider whether somebody speaks, by what the VAD says', () => {
  const world = openHearingWorld();
  const ear = world.opens();
  const isSpeaking = (): boolean | undefined => world.streams[0]?.options.isSpeaking?.();
  world.hears(ear, '..####');
  expect(isSpeaking()).toBe(true);
  world.hears(ear, '....');
  expect(isSpeaking()).toBe(false);
});

it('knows when the last voiced sound of a speech came in, by the clock', () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.clock.pass(1_000);
  world.hears(ear, '..####....');
  expect(world.voiced).toEqual([1_000 + 6 * 32]);
});

it('tells speech and words in the time of the speaker, over two microphones', async () => {
  const world = openHearingWorld();
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

it('drops words that the provider is not sure of', () => {
  const world = openHearingWorld();
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
  const world = openHearingWorld();
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

it('opens a failed transcription again for whom goes on speaking, 2 s later', () => {
  const world = openHearingWorld();
  const ear = world.opens();
  world.hears(ear, '#'.repeat(10));
  world.streams[0]?.tell({ type: 'ended', error: undefined });
  world.hears(ear, '#'.repeat(62));
  expect(world.streams).toHaveLength(1);
  world.hears(ear, '#');
  expect(world.streams).toHaveLength(2);
  // A word that is cut there is heard from its beginning.
  expect(world.streams[1]?.samples).toBeGreaterThan(16 * 500);
});

it('tells the silence that was asked for, and shows who says what', () => {
  const world = openHearingWorld();
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

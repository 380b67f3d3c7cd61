import { expect, it } from 'vitest';
import { openSpeechTracker } from '../../src/mode/speech-tracker.ts';
import type { SpeechTracker, TrackerEvent } from '../../src/mode/speech-tracker.ts';

const SETTINGS = { threshold: 0.5, minSpeechMs: 64, minPauseMs: 96, sustainedMs: 300 };
const WINDOW = 512;

/** Judges windows, `#` with speech and `.` without, from sample `at` on. */
function feed(tracker: SpeechTracker, windows: string, at = 0): readonly TrackerEvent[] {
  return Array.from(windows).flatMap((one, index) =>
    tracker.judge({ probability: one === '#' ? 0.9 : 0.1, toSample: (at + index + 1) * WINDOW }),
  );
}

it('tells when speech begins, lasts and stops, in the time of the sound', () => {
  const tracker = openSpeechTracker(SETTINGS);
  expect(feed(tracker, '..##########...')).toEqual([
    { type: 'started', audioFrom: 64 },
    { type: 'sustained' },
    { type: 'stopped', audioTo: 384 },
  ]);
});

it('takes a click for nothing, and bridges a gap within a word', () => {
  const tracker = openSpeechTracker(SETTINGS);
  expect(feed(tracker, '.#..#...')).toEqual([]);
  expect(feed(tracker, '####..####', 8).map(({ type }) => type)).toEqual(['started', 'sustained']);
});

it('counts silence from the last speech on, also where it is long enough already', () => {
  const tracker = openSpeechTracker(SETTINGS);
  feed(tracker, '####...');
  expect(tracker.watch(1, 250)).toEqual([]);
  expect(feed(tracker, '....', 7)).toEqual([]);
  expect(feed(tracker, '.', 11)).toEqual([{ type: 'silence-reached', watchId: 1 }]);
  expect(feed(tracker, '....', 12)).toEqual([]);
  expect(tracker.watch(2, 300)).toEqual([{ type: 'silence-reached', watchId: 2 }]);
});

it('forgets a watch when speech goes on', () => {
  const tracker = openSpeechTracker(SETTINGS);
  feed(tracker, '####...');
  tracker.watch(1, 250);
  expect(feed(tracker, '####....', 7).map(({ type }) => type)).toEqual(['started', 'stopped']);
  expect(feed(tracker, '..........', 15)).toEqual([]);
});

it('stops where the sound ends', () => {
  const tracker = openSpeechTracker(SETTINGS);
  feed(tracker, '####');
  expect(tracker.end()).toEqual([{ type: 'stopped', audioTo: 128 }]);
  expect(tracker.end()).toEqual([]);
});

import { AudioFrame, AudioSource, LocalAudioTrack } from '@livekit/rtc-node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHoldBook } from '../../bench/lib/hold-book.ts';
import { watchVoiceOut } from '../../bench/lib/voice-out.ts';
import type { QueueCleared } from '../../bench/lib/voice-out.ts';
import { silenceNativeLogs } from '../../src/adapters/livekit/native-logs.ts';
import { holds } from '../support/holds.ts';
import { makeTone } from '../support/tones.ts';

describe('the time from a hold to the last frame out', () => {
  it('ends with the last sound behind the drop of the queue, whenever that is told', () => {
    const book = openBook();
    book.held(1_000);
    book.cleared({ clearedAt: 999.6, soundAt: [980, 990, 1_002, 1_012.6] });
    book.held(5_000);
    book.cleared({ clearedAt: 5_000, soundAt: [4_990, 5_010, 5_030] });
    expect(book.figures()).toEqual({
      holdToLastFrameP50Ms: 13,
      holdToLastFrameP95Ms: 30,
      holdToLastFrameMaxMs: 30,
      holdsTimed: 2,
      holdsInPause: 0,
    });
  });

  it('is as long as a sound that was not held', () => {
    const book = openBook();
    book.held(1_000);
    const soundAt = Array.from({ length: 33 }, (_none, at) => 970 + 10 * at);
    book.cleared({ clearedAt: 1_000, soundAt });
    expect(book.figures()).toMatchObject({ holdToLastFrameP95Ms: 290, holdsTimed: 1 });
  });

  it('has nothing of what sounds once the reply goes on', () => {
    const book = openBook();
    book.resumed(900);
    book.held(1_000);
    book.resumed(1_200);
    book.cleared({ clearedAt: 1_000, soundAt: [990, 1_010, 1_020, 1_210, 1_220] });
    expect(book.figures()).toMatchObject({ holdToLastFrameMaxMs: 20, holdsTimed: 1 });
  });

  it('is none where the last frame left before', () => {
    const book = openBook();
    book.held(1_000);
    book.cleared({ clearedAt: 1_000, soundAt: [985, 995] });
    expect(book.figures()).toMatchObject({ holdToLastFrameMaxMs: 0, holdsTimed: 1 });
  });

  it('is taken of holds alone that met a sound', () => {
    const book = openBook();
    book.cleared({ clearedAt: 500, soundAt: [490, 510, 520] });
    book.held(1_000);
    book.held(2_000);
    book.cleared({ clearedAt: 2_000, soundAt: [] });
    expect(book.figures()).toMatchObject({
      holdToLastFrameP95Ms: Number.NaN,
      holdsTimed: 0,
      holdsInPause: 1,
    });
  });

  it('begins with the first of two drops', () => {
    const book = openBook();
    book.held(1_000);
    book.cleared({ clearedAt: 1_000, soundAt: [990, 1_010, 1_030] });
    book.cleared({ clearedAt: 1_004, soundAt: [990, 1_010, 1_030] });
    expect(book.figures()).toMatchObject({ holdToLastFrameMaxMs: 30, holdsTimed: 1 });
  });
});

it('a voice’s frames are seen as they leave its source, until its queue is dropped', async () => {
  silenceNativeLogs(() => undefined);
  const told: QueueCleared[] = [];
  using _watch = watchVoiceOut((cleared) => told.push(cleared));
  const source = new AudioSource(24_000, 1, 1_000);
  const track = LocalAudioTrack.createAudioTrack('voice', source);
  onTestFinished(() => track.close());
  const pcm = makeTone(400, 1_000, 24_000);
  await source.captureFrame(new AudioFrame(pcm, 24_000, 1, pcm.length));
  await holds(() => expect(source.queuedDuration).toBeLessThan(800));
  source.clearQueue();
  await holds(() => expect(told).toHaveLength(1));
  const soundAt = told[0]?.soundAt ?? [];
  // Of all the second 33 frames would lie around the drop.
  expect(soundAt.length).toBeGreaterThan(0);
  expect(soundAt.length).toBeLessThan(25);
});

function openBook() {
  const book = openHoldBook();
  const see = (event: string, at: number, more: object = {}): void =>
    book.see({ event, at, line: { level: 'info', message: '', room: 'r', ...more } });
  return {
    figures: book.figures,
    held: (at: number) => see('reply-held', at),
    resumed: (at: number) => see('reply-resumed', at),
    cleared: (cleared: QueueCleared) => see('queue-cleared', cleared.clearedAt + 300, cleared),
  };
}

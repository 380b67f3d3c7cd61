import type { VoiceTrack } from '../../src/ports/room-sound.ts';
import type { HandClock } from './hand-clock.ts';

const SAMPLES_PER_MS = 24;
/** As the real queue: a push waits above it. */
const QUEUE_MS = 100;

/** One frame as it was pushed, and how much of it the room got until now. */
export interface PlayedFrame {
  readonly pcm: Int16Array;
  readonly atMs: number;
  /** How often the track had been cleared before. */
  readonly clears: number;
  sounded: number;
}

/** A voice that plays in the time of a clock that is moved by hand. */
export interface FakeVoiceTrack extends VoiceTrack {
  /** All that was pushed, oldest first. */
  frames(): readonly PlayedFrame[];
  /** All that the room got, one sample after the other. */
  heard(): readonly number[];
  /** What the next pushes do instead of playing. */
  fault: 'hang' | Error | undefined;
  /** Whether anybody hears the track, which nobody was waited for on yet. */
  audience(is: boolean): void;
}

/** Opens a voice that somebody hears. */
export function openFakeVoiceTrack(clock: HandClock): FakeVoiceTrack {
  const frames: PlayedFrame[] = [];
  let queue: PlayedFrame[] = [];
  let [emptyAt, clears] = [0, 0];
  let audience = Promise.withResolvers<void>();
  audience.resolve();
  let wasInVain = false;
  let isPushing = false;
  let released = Promise.withResolvers<void>();
  const queuedMs = (): number => Math.max(0, emptyAt - clock.monotonicMs());
  /** Lets the room have what is due. */
  const play = (): void => {
    let waiting = Math.round(queuedMs() * SAMPLES_PER_MS);
    for (const frame of queue.toReversed()) {
      frame.sounded = Math.max(
        frame.sounded,
        frame.pcm.length - Math.min(waiting, frame.pcm.length),
      );
      waiting = Math.max(0, waiting - frame.pcm.length);
    }
    queue = queue.filter((frame) => frame.sounded < frame.pcm.length);
  };
  const track: FakeVoiceTrack = {
    trackId: 'TR_voice',
    fault: undefined,
    queuedMs,
    frames() {
      play();
      return frames;
    },
    heard: () => track.frames().flatMap(({ pcm, sounded }) => [...pcm.subarray(0, sounded)]),
    audience(is) {
      if (is) audience.resolve();
      else audience = Promise.withResolvers();
      wasInVain = false;
    },
    async push(pcm) {
      if (isPushing) throw new Error('one push at a time');
      if (track.fault instanceof Error) throw track.fault;
      if (pcm.length < 240 || pcm.length > 1_440) throw new Error(`a frame of ${pcm.length}`);
      isPushing = true;
      play();
      const frame = { pcm: new Int16Array(pcm), atMs: clock.monotonicMs(), clears, sounded: 0 };
      frames.push(frame);
      queue.push(frame);
      emptyAt = clock.monotonicMs() + queuedMs() + pcm.length / SAMPLES_PER_MS;
      released = Promise.withResolvers();
      if (track.fault !== 'hang') {
        using _due = clock.after(queuedMs() - QUEUE_MS, released.resolve);
        if (queuedMs() > QUEUE_MS) await released.promise;
      } else await new Promise(() => undefined);
      isPushing = false;
    },
    clear() {
      play();
      queue = [];
      clears += 1;
      emptyAt = clock.monotonicMs();
      released.resolve();
    },
    async untilHeard(limitMs, signal) {
      if (wasInVain || signal.aborted) return;
      const left = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => left.resolve(), { once: true });
      using _timer = clock.after(limitMs, () => {
        wasInVain = true;
        left.resolve();
      });
      await Promise.race([audience.promise, left.promise]);
    },
    async [Symbol.asyncDispose]() {},
  };
  return track;
}

import type { Clock } from '../lib/clock.ts';
import type { VoiceTrack } from '../ports/room-sound.ts';
import { TTS_SAMPLE_RATE } from '../ports/text-to-speech.ts';

export interface PlayheadDeps {
  readonly clock: Clock;
  readonly track: VoiceTrack;
  /** From leaving the track's queue to being heard, in ms. */
  readonly pathMs: number;
}

/** Where in a run's sound the track is. Places are samples of that sound. */
export interface Playhead {
  /** What the track is to get next. */
  next(): number;
  /** Up to where the sound has left the track's queue, and is heard whatever we do. */
  left(): number;
  /** The track is getting so many samples more, and silence behind them to fill the frame. */
  giving(samples: number, padding: number): void;
  /** The track took what it was given last. */
  taken(): void;
  /** Drops what is queued; it is next again. False where nothing was queued. */
  rewind(): boolean;
  /** How long it takes until all that was given is heard, in ms. */
  restMs(): number;
  /** How much was heard, in ms; never shrinks. */
  playedMs(): number;
}

/** Samples per ms. */
export const SAMPLES_PER_MS = TTS_SAMPLE_RATE / 1_000;

/** Opens the playhead of a sound of which nothing was played. */
export function openPlayhead({ clock, track, pathMs }: PlayheadDeps): Playhead {
  let given = 0;
  /** What the track is taking just now, whether or not it counts it as queued already. */
  let giving = 0;
  /** Silence at the queue's end, which is none of the sound. */
  let padding = 0;
  /** Nothing goes back behind this, though the queue's length is an estimate. */
  let furthest = 0;
  /** Where the sound was when the track was given something last. */
  let mark = { samples: 0, atMs: -Infinity };
  let emptyAt = -Infinity;
  let playedMs = 0;
  /** A queue that was emptied behind our back, as by a path that is cut, has not sounded: that takes time. */
  const left = (): number => {
    const queued = Math.max(giving, Math.round(track.queuedMs() * SAMPLES_PER_MS));
    const sinceMark = Math.ceil((clock.monotonicMs() - mark.atMs) * SAMPLES_PER_MS);
    const gone = Math.min(given - Math.max(0, queued - padding), mark.samples + sinceMark);
    furthest = Math.max(furthest, gone);
    return furthest;
  };
  /** What has left the queue last is still on its way for so long. */
  const onItsWayMs = (): number => {
    const emptyMs = giving > 0 || track.queuedMs() > 0 ? 0 : clock.monotonicMs() - emptyAt;
    return Math.max(0, pathMs - Math.max(0, emptyMs));
  };
  return {
    next: () => given,
    left,
    giving(samples, silence) {
      mark = { samples: left(), atMs: clock.monotonicMs() };
      giving = samples + silence;
      padding = silence;
      given += samples;
    },
    taken() {
      giving = 0;
      emptyAt = clock.monotonicMs() + track.queuedMs();
    },
    rewind() {
      if (giving === 0 && track.queuedMs() <= 0) return false;
      given = left();
      [giving, padding] = [0, 0];
      track.clear();
      emptyAt = clock.monotonicMs();
      return true;
    },
    restMs: () => track.queuedMs() + onItsWayMs(),
    playedMs() {
      playedMs = Math.max(playedMs, left() / SAMPLES_PER_MS - onItsWayMs());
      return playedMs;
    },
  };
}

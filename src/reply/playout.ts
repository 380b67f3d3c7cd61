import type { Clock } from '../lib/clock.ts';
import type { VoiceTrack } from '../ports/room-sound.ts';
import { openPlayoutRun } from './playout-run.ts';
import type { PlayoutRun } from './playout-run.ts';

/** What a playout plays on. */
export interface PlayoutDeps {
  readonly clock: Clock;
  readonly track: VoiceTrack;
  /** From leaving the track's queue to being heard, in ms. */
  readonly pathMs: number;
}

/** The bot's one voice: what is said with it comes one run after the other. */
export interface Playout {
  /** Begins a run of speech; one that is still under way is stopped. `signal` stops this one. */
  play(signal: AbortSignal): PlayoutRun;
}

/** How long a listener is waited for, so that the first words are not clipped. */
const AUDIENCE_LIMIT_MS = 3_000;

/** Opens the playout of a voice. While nothing is to be said no timer runs and nothing is pushed. */
export function openPlayout({ clock, track, pathMs }: PlayoutDeps): Playout {
  let running: PlayoutRun | undefined;
  // A track takes one push at a time, so a run waits for the last one of the run before.
  let free = Promise.resolve();
  const untilReady = async (before: Promise<void>, signal: AbortSignal): Promise<void> => {
    await before;
    // Asked each time: the voice may have been published anew meanwhile.
    await track.untilHeard(AUDIENCE_LIMIT_MS, signal).catch(() => undefined);
  };
  return {
    play(signal) {
      running?.stop();
      const before = free;
      const { run, done } = openPlayoutRun(
        { clock, track, pathMs },
        (runSignal) => untilReady(before, runSignal),
        signal,
      );
      free = done;
      running = run;
      return run;
    },
  };
}

import { openPlayout } from '../../src/reply/playout.ts';
import { openFakeVoiceTrack } from '../support/fake-voice-track.ts';
import { openHandClock } from '../support/hand-clock.ts';

export const PER_MS = 24;

/** So much sound, in which each sample can be told from its neighbours, faded or not. */
export function soundOf(ms: number, from = 0): Int16Array {
  return Int16Array.from({ length: ms * PER_MS }, (_unit, at) => 20_000 + ((from + at) % 10_000));
}

/** A playout on a voice and a clock that are moved by hand. */
export function openPlayoutWorld() {
  const clock = openHandClock();
  const track = openFakeVoiceTrack(clock);
  const playout = openPlayout({ clock, track, pathMs: 80 });
  const owner = new AbortController();
  const play = () => {
    const run = playout.play(owner.signal);
    const told: string[] = [];
    void run.audible.then(() => told.push('audible'));
    run.played.then(
      (all) => told.push(all ? 'all sounded' : 'stopped'),
      (error: unknown) => told.push(String(error)),
    );
    return { run, told };
  };
  return { clock, track, playout, owner, play };
}

import type { Clock } from '../lib/clock.ts';

/** Watches whether the event loop still turns in time. */
export interface EventLoopWatch extends Disposable {
  /** False while it has come late again and again. */
  readonly turns: () => boolean;
}

const BEAT_MS = 1_000;
/** A beat that comes so late leaves no room in which people could talk. */
const LATE_MS = 1_000;
/** One stall, however long, is over when it is noticed; so many in a row are no stall. */
const LATE_BEATS = 10;

/**
 * Watches the event loop by a beat of its own. A loop that is blocked answers no probe at all; this
 * tells of one that still answers, and is too slow to be of use.
 */
export function watchEventLoop(clock: Pick<Clock, 'after' | 'monotonicMs'>): EventLoopWatch {
  let lateBeats = 0;
  let timer = next();

  function next(): Disposable {
    const dueAt = clock.monotonicMs() + BEAT_MS;
    return clock.after(BEAT_MS, () => {
      const isLate = clock.monotonicMs() - dueAt >= LATE_MS;
      lateBeats = isLate ? lateBeats + 1 : 0;
      timer = next();
    });
  }

  return {
    turns: () => lateBeats < LATE_BEATS,
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
}

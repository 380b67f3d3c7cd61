import { delayOn } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** A clock that stands still until it is moved by hand. */
export interface HandClock extends Clock {
  /** Lets time pass; timers run in the order in which they are due, each at its time. */
  readonly pass: (ms: number) => void;
  /** Lets time pass without a timer, as a stalled event loop does; they run late, with `pass`. */
  readonly stall: (ms: number) => void;
}

/** Opens a clock at 0 ms. */
export function openHandClock(): HandClock {
  const timers = new Set<{ readonly dueAt: number; readonly run: () => void }>();
  let now = 0;

  const firstDue = (until: number) =>
    [...timers]
      .filter(({ dueAt }) => dueAt <= until)
      .sort((one, other) => one.dueAt - other.dueAt)[0];

  const clock: HandClock = {
    monotonicMs: () => now,
    wallMs: () => now,
    after(delayMs, run) {
      const timer = { dueAt: now + delayMs, run };
      timers.add(timer);
      return { [Symbol.dispose]: () => void timers.delete(timer) };
    },
    delay: (delayMs, signal) => delayOn(clock, delayMs, signal),
    pass(ms) {
      const until = now + ms;
      for (let timer = firstDue(until); timer !== undefined; timer = firstDue(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.dueAt);
        timer.run();
      }
      now = until;
    },
    stall(ms) {
      now += ms;
    },
  };
  return clock;
}

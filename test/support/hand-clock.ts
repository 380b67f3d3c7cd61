import { delayOn } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** A clock that stands still until it is moved by hand. */
export interface HandClock extends Clock {
  /** Lets time pass; timers run in the order in which they are due, each at its time. */
  readonly pass: (ms: number) => void;
  /** As `pass`, but what awaits in memory only gets its turn before each timer and at the end. */
  readonly live: (ms: number) => Promise<void>;
  /** Lets time pass without a timer, as a stalled event loop does; they run late, with `pass`. */
  readonly stall: (ms: number) => void;
  /** Sets the wall's clock forward or back; the monotonic one does not notice. */
  readonly jumpWall: (ms: number) => void;
  /** How many timers wait. */
  readonly timers: () => number;
}

/** Opens a clock at 0 ms. */
export function openHandClock(): HandClock {
  const timers = new Set<{ readonly dueAt: number; readonly run: () => void }>();
  let now = 0;
  let wallAhead = 0;

  const takeDue = (until: number): (() => void) | undefined => {
    const [first] = [...timers]
      .filter(({ dueAt }) => dueAt <= until)
      .sort((one, other) => one.dueAt - other.dueAt);
    if (first === undefined) return undefined;
    timers.delete(first);
    now = Math.max(now, first.dueAt);
    return first.run;
  };

  const clock: HandClock = {
    monotonicMs: () => now,
    wallMs: () => now + wallAhead,
    after(delayMs, run) {
      const timer = { dueAt: now + delayMs, run };
      timers.add(timer);
      return { [Symbol.dispose]: () => void timers.delete(timer) };
    },
    delay: (delayMs, signal) => delayOn(clock, delayMs, signal),
    pass(ms) {
      const until = now + ms;
      for (let run = takeDue(until); run !== undefined; run = takeDue(until)) run();
      now = until;
    },
    async live(ms) {
      const until = now + ms;
      await settled();
      for (let run = takeDue(until); run !== undefined; run = takeDue(until)) {
        run();
        await settled();
      }
      now = until;
    },
    stall(ms) {
      now += ms;
    },
    jumpWall(ms) {
      wallAhead += ms;
    },
    timers: () => timers.size,
  };
  return clock;
}

/** Resolves once every promise that needs no timer and no socket has had its turn. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

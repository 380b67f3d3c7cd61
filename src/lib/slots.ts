import type { Clock } from './clock.ts';
import { withDeadline } from './deadline.ts';

/** Places of which only so many may be taken at the same time. */
export interface Slots {
  /**
   * Takes one, waiting its turn for at most `limitMs`; disposal gives it back. `undefined` where none
   * came free in time or before the signal aborted.
   */
  take(limitMs: number, signal: AbortSignal): Promise<Disposable | undefined>;
}

/** Makes `count` free slots. */
export function makeSlots(clock: Clock, count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const slot = (): Disposable => {
    let isTaken = true;
    return {
      [Symbol.dispose]() {
        if (!isTaken) return;
        isTaken = false;
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      },
    };
  };
  return {
    async take(limitMs, signal) {
      if (free > 0) {
        free -= 1;
        return slot();
      }
      const turn = Promise.withResolvers<void>();
      waiting.push(turn.resolve);
      try {
        await withDeadline(clock, limitMs, () => turn.promise, signal);
        return slot();
      } catch {
        const at = waiting.indexOf(turn.resolve);
        if (at >= 0) waiting.splice(at, 1);
        // It came in the very tick in which we gave up.
        else slot()[Symbol.dispose]();
        return undefined;
      }
    },
  };
}

import type { Clock, Timer } from '../lib/clock.ts';
import { openScope, ScopeEnded } from '../lib/scope.ts';
import type { LeaseTimes } from './lease-times.ts';

/** How long a room of this worker may be without its bot before another worker is to try. */
export interface Patience extends Disposable {
  /** Aborts when that was too long. */
  readonly over: AbortSignal;
  /** The bot came into the room, or is kept out of it: its path broke, or a try failed. */
  readonly present: (isThere: boolean) => void;
}

/**
 * Opens a patience of `limitMs`, which runs from the first sign of trouble until the bot is in its
 * room. Where it runs out while the message is not `ours` to hand back, it runs once more.
 */
export function openPatience(clock: Clock, limitMs: number, ours: () => boolean): Patience {
  const scope = openScope();
  let running: Timer | undefined;
  const stop = (): void => {
    running?.[Symbol.dispose]();
    running = undefined;
  };
  const run = (): void => {
    running = clock.after(limitMs, () => (ours() ? scope.end(KEPT_OUT) : run()));
  };
  return {
    over: scope.signal,
    present(isThere) {
      if (isThere) stop();
      else if (running === undefined) run();
    },
    [Symbol.dispose]: stop,
  };
}

/**
 * V for the first who receives a message, twice as long for each further one, up to eight times: what
 * keeps every worker out is not carried around, and an hour of it costs few receives.
 */
export function patienceMs({ visibilityMs }: LeaseTimes, receiveCount: number): number {
  return visibilityMs * 2 ** Math.min(receiveCount - 1, MOST_DOUBLINGS);
}

const MOST_DOUBLINGS = 3;
const KEPT_OUT = new ScopeEnded('the bot was kept out of its room for too long');

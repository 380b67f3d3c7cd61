import type { Clock } from './clock.ts';

/** Wakes who waits for a change; what has changed they see for themselves. */
export interface Bell {
  readonly ring: () => void;
  /** Resolves at the next ring, or after `limitMs`. */
  readonly rung: (limitMs?: number) => Promise<void>;
}

/** Hangs a bell for one or many who wait. */
export function openBell(clock: Pick<Clock, 'after'>): Bell {
  let next = Promise.withResolvers<void>();
  const ring = (): void => {
    next.resolve();
    next = Promise.withResolvers();
  };
  return {
    ring,
    rung: async (limitMs) => {
      using _timer = limitMs === undefined ? undefined : clock.after(limitMs, ring);
      await next.promise;
    },
  };
}

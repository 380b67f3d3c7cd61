import type { Clock } from './clock.ts';

/** When a breaker opens and for how long. */
export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long an open one lets nothing pass, in ms; then one probe at a time, as often as that. */
  readonly pauseMs: number;
}

/**
 * `open` lets nothing pass. After its pause it is `half-open`: it lets one probe pass, which closes it or
 * opens it again.
 */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Keeps calls from a service that fails again and again. */
export interface Breaker {
  state(): BreakerState;
  /** Whether to call now; of one that is half-open, that call is the probe. */
  allows(): boolean;
  succeeded(): void;
  /** What fails while it is open was begun before, and prolongs nothing. */
  failed(): void;
}

/**
 * Makes a closed breaker. A probe need not tell how it went, as one that was cancelled cannot: the
 * next one is let pass after another pause.
 */
export function makeBreaker(clock: Pick<Clock, 'monotonicMs'>, settings: BreakerSettings): Breaker {
  let failures = 0;
  let openUntil = 0;
  let probeAt = 0;
  const state = (): BreakerState => {
    if (failures < settings.failures) return 'closed';
    return clock.monotonicMs() < openUntil ? 'open' : 'half-open';
  };
  return {
    state,
    allows() {
      if (state() === 'closed') return true;
      const now = clock.monotonicMs();
      if (now < probeAt) return false;
      probeAt = now + settings.pauseMs;
      return true;
    },
    succeeded: () => void (failures = 0),
    failed() {
      if (state() === 'open') return;
      failures += 1;
      openUntil = probeAt = clock.monotonicMs() + settings.pauseMs;
    },
  };
}

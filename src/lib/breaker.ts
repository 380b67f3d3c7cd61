import type { Clock } from './clock.ts';

/** When a breaker opens and for how long. */
export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long an open one lets nothing pass, in ms; then one probe at a time, as often as that. */
  readonly pauseMs: number;
}

/** Keeps calls from a service that fails again and again. */
export interface Breaker {
  /** Whether the last calls went well, as far as anybody has told. */
  isClosed(): boolean;
  /** Whether to call now; of an open breaker, that call is the probe. */
  allows(): boolean;
  succeeded(): void;
  failed(): void;
}

/**
 * Makes a closed breaker. A probe need not tell how it went, as one that was cancelled cannot: the
 * next one is let pass after another pause.
 */
export function makeBreaker(clock: Pick<Clock, 'monotonicMs'>, settings: BreakerSettings): Breaker {
  let failures = 0;
  let probeAt = 0;
  const isClosed = (): boolean => failures < settings.failures;
  const pause = (): void => void (probeAt = clock.monotonicMs() + settings.pauseMs);
  return {
    isClosed,
    allows() {
      if (isClosed()) return true;
      if (clock.monotonicMs() < probeAt) return false;
      pause();
      return true;
    },
    succeeded: () => void (failures = 0),
    failed() {
      failures += 1;
      if (!isClosed()) pause();
    },
  };
}

import { isTroupeError } from '../errors.ts';
import { makeBreaker } from '../lib/breaker.ts';
import type { Clock } from '../lib/clock.ts';
import type { Observe } from '../ports/observe.ts';

export interface HealthDeps {
  readonly clock: Clock;
  readonly observe: Observe;
}

/** How one provider fares, for all rooms of the process. */
export interface Health {
  readonly provider: string;
  /** Whether it may be asked now; of one that has failed, that request is the probe. */
  mayAsk(): boolean;
  /** Whether nothing is known against it. */
  isWell(): boolean;
  /** Whether it refused our key: it is not asked again before the process ends. */
  isOff(): boolean;
  worked(): void;
  /** Tells the failure too. */
  failed(error: unknown): void;
  /** It serves what `wanted` was to serve first; told where that is another one. */
  servesInsteadOf(wanted: Health | undefined): void;
}

const BREAKER = { failures: 3, pauseMs: 15_000 };

/**
 * Watches one provider. A refused key switches it off and is told once, as an alarm; what was the
 * character's or the turn's own fault says nothing against it.
 */
export function watchHealth({ clock, observe }: HealthDeps, provider: string): Health {
  const breaker = makeBreaker(clock, BREAKER);
  let isOff = false;
  const tellingChange = (change: () => void): void => {
    const before = breaker.state();
    change();
    const after = breaker.state();
    if (after === before) return;
    if (after === 'open') observe({ type: 'provider-paused', provider, forMs: BREAKER.pauseMs });
    else observe({ type: 'provider-restored', provider });
  };
  return {
    provider,
    mayAsk: () => !isOff && breaker.allows(),
    isWell: () => !isOff && breaker.state() === 'closed',
    isOff: () => isOff,
    worked: () => tellingChange(() => breaker.succeeded()),
    failed(error) {
      if (isTroupeError(error, 'auth')) {
        if (!isOff) observe({ type: 'provider-off', provider, error });
        isOff = true;
        return;
      }
      observe({ type: 'provider-failed', provider, error });
      if (!isTroupeError(error) || error.fault !== 'room') tellingChange(() => breaker.failed());
    },
    servesInsteadOf(wanted) {
      const from = wanted?.provider ?? provider;
      if (from !== provider) observe({ type: 'provider-fallback', provider, from });
    },
  };
}

import { isTroupeError } from '../errors.ts';
import { makeToldBreaker } from './told-breaker.ts';
import type { ToldBreakerDeps } from './told-breaker.ts';

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
export function watchHealth(deps: ToldBreakerDeps, provider: string): Health {
  const { observe } = deps;
  const breaker = makeToldBreaker(deps, provider, BREAKER);
  let isOff = false;
  return {
    provider,
    mayAsk: () => !isOff && breaker.allows(),
    isWell: () => !isOff && breaker.state() === 'closed',
    isOff: () => isOff,
    worked: () => breaker.succeeded(),
    failed(error) {
      if (isTroupeError(error, 'auth')) {
        if (!isOff) observe({ type: 'provider-off', provider, error });
        isOff = true;
        return;
      }
      observe({ type: 'provider-failed', provider, error });
      if (!isTroupeError(error) || error.fault !== 'room') breaker.failed();
    },
    servesInsteadOf(wanted) {
      const from = wanted?.provider ?? provider;
      if (from !== provider) observe({ type: 'provider-fallback', provider, from });
    },
  };
}

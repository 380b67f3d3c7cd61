import { makeBreaker } from '../lib/breaker.ts';
import type { Breaker, BreakerSettings } from '../lib/breaker.ts';
import type { Clock } from '../lib/clock.ts';
import type { Observe } from '../ports/observe.ts';

export interface ToldBreakerDeps {
  readonly clock: Clock;
  readonly observe: Observe;
}

/** A breaker of one provider that tells when it opens, for how long, and when it is closed again. */
export function makeToldBreaker(
  { clock, observe }: ToldBreakerDeps,
  provider: string,
  settings: BreakerSettings,
): Breaker {
  const breaker = makeBreaker(clock, settings);
  const telling = (change: () => void): void => {
    const before = breaker.state();
    change();
    const after = breaker.state();
    if (after === before) return;
    if (after === 'open') observe({ type: 'provider-paused', provider, forMs: settings.pauseMs });
    else observe({ type: 'provider-restored', provider });
  };
  return {
    ...breaker,
    succeeded: () => telling(() => breaker.succeeded()),
    failed: () => telling(() => breaker.failed()),
  };
}

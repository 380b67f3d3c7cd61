import { isTroupeError, TroupeError } from '../errors.ts';
import { onAbort } from '../lib/abort.ts';
import type { Llm } from '../ports/llm.ts';
import { makeToldBreaker } from './told-breaker.ts';
import type { ToldBreakerDeps } from './told-breaker.ts';

/**
 * More patient than where another provider stands in, and back sooner: while it is open every room gets
 * an apology. The three tries of one reply, or of three at the same time, do not open it.
 */
const BREAKER = { failures: 10, pauseMs: 5_000 };

/**
 * The only {@link Llm} there is, left alone while it fails again and again: a request then fails at
 * once, and is not to be tried again, so that its room hears so instead of being kept waiting. A refused
 * key says nothing here: it is asked for until somebody has mended it.
 */
export function guardedLlm(deps: ToldBreakerDeps, llm: Llm): Llm {
  const breaker = makeToldBreaker(deps, llm.name, BREAKER);
  /** How often it has opened and closed: what was begun before says nothing of now. */
  let changes = 0;
  const count = (begunAt: number, change: () => void): void => {
    if (begunAt !== changes) return;
    const before = breaker.state();
    change();
    if (breaker.state() !== before) changes += 1;
  };
  return {
    ...llm,
    async warmUp() {
      if (breaker.state() === 'closed') await llm.warmUp();
    },
    async *stream(request, signal) {
      if (signal.aborted) return;
      if (!breaker.allows()) throw leftAlone(llm.name);
      const begunAt = changes;
      const failed = (error: unknown): void => {
        if (isOfModel(error)) count(begunAt, () => breaker.failed());
      };
      // A watchdog aborts with what failed, and a model that stalls need not answer even that.
      using _watchdog = onAbort(signal, () => failed(signal.reason));
      let begun = false;
      try {
        for await (const event of llm.stream(request, signal)) {
          if (!begun) count(begunAt, () => breaker.succeeded());
          begun = true;
          yield event;
        }
      } catch (error) {
        if (!signal.aborted) failed(error);
        throw error;
      }
    },
  };
}

function isOfModel(error: unknown): boolean {
  if (!isTroupeError(error) || error.service !== 'llm') return false;
  return error.fault === 'provider' && error.kind !== 'auth';
}

function leftAlone(name: string): TroupeError {
  return new TroupeError(`${name} fails again and again and is left alone for a moment`, {
    kind: 'unavailable',
    fault: 'provider',
    service: 'llm',
    retryable: false,
  });
}

import type { Clock } from '../lib/clock.ts';
import type { Observe } from '../ports/observe.ts';
import type { Queue } from '../ports/queue.ts';
import type { Received } from './consumer.ts';
import { elapsedMs, nowOn } from './lease.ts';
import type { Instant } from './lease.ts';
import type { LeaseTimes } from './lease-times.ts';

/**
 * Beats once for a message that was just received: only its send time is a moment of our own from
 * which the deadline can be counted. Tries until the receive itself is too old to be trusted.
 * Resolves with the good beat's send time, or `undefined`: then the message is left to lapse.
 */
export async function firstBeat(
  deps: {
    readonly queue: Pick<Queue, 'changeVisibility'>;
    readonly clock: Clock;
    readonly observe: Observe;
  },
  { delivery, askedAt }: Received,
  times: LeaseTimes,
): Promise<Instant | undefined> {
  const change = { receiptHandle: delivery.receiptHandle, visibilityMs: times.visibilityMs };
  // A long poll may have waited before the message came, so this is a bound from below.
  const limitMs = times.trustMs + deps.clock.monotonicMs() - askedAt.monotonicMs;
  while (elapsedMs(deps.clock, askedAt) < limitMs) {
    const sentAt = nowOn(deps.clock);
    try {
      const [result] = await deps.queue.changeVisibility([change]);
      if (result === 'changed') return sentAt;
      if (result === 'expired') return undefined;
      deps.observe({ type: 'beat-failed' });
    } catch (error) {
      deps.observe({ type: 'beat-failed', error });
    }
    await deps.clock.delay(times.tickMs);
  }
  return undefined;
}

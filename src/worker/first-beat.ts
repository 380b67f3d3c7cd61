import type { Clock } from '../lib/clock.ts';
import type { Observe } from '../ports/observe.ts';
import type { Delivery, Queue } from '../ports/queue.ts';
import { elapsedMs, nowOn } from './lease.ts';
import type { Instant } from './lease.ts';
import type { LeaseTimes } from './lease-times.ts';

/**
 * Beats once for a message that was just received: only the send time of a good beat is a moment of
 * our own from which the deadline can be counted. Tries until the receipt is too old or `signal`
 * aborts. Resolves with that send time, or `undefined`: then the message is left to lapse.
 */
export async function firstBeat(
  deps: {
    readonly queue: Pick<Queue, 'changeVisibility'>;
    readonly clock: Clock;
    readonly observe: Observe;
  },
  { receiptHandle }: Delivery,
  times: LeaseTimes,
  signal: AbortSignal,
): Promise<Instant | undefined> {
  const receivedAt = nowOn(deps.clock);
  while (!signal.aborted && elapsedMs(deps.clock, receivedAt) < times.trustMs) {
    const sentAt = nowOn(deps.clock);
    try {
      const [result] = await deps.queue.changeVisibility([
        { receiptHandle, visibilityMs: times.visibilityMs },
      ]);
      if (result === 'changed') return sentAt;
      if (result === 'expired') return undefined;
      deps.observe({ type: 'beat-failed' });
    } catch (error) {
      deps.observe({ type: 'beat-failed', error });
    }
    await deps.clock.delay(times.tickMs, signal).catch(() => undefined);
  }
  return undefined;
}

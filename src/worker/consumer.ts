import { isTroupeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import { backoffMs } from '../lib/retry.ts';
import type { Observe } from '../ports/observe.ts';
import type { Delivery, Queue } from '../ports/queue.ts';
import type { Gate } from './gate.ts';
import { nowOn } from './lease.ts';
import type { Instant } from './lease.ts';
import type { Slot, Slots } from './slots.ts';

/** A message, when it was asked for, and the place that its bot may take. */
export interface Received {
  readonly delivery: Delivery;
  /** When the receive was sent: the message has been hidden since then at the earliest. */
  readonly askedAt: Instant;
  readonly slot: Slot;
}

export interface ConsumerDeps {
  readonly queue: Pick<Queue, 'receive' | 'changeVisibility'>;
  readonly slots: Slots;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly random: () => number;
  readonly newId: () => string;
  /** Takes the message and the place over; never rejects, is not waited for. */
  readonly assign: (received: Received) => void;
  /** Told why the queue cannot be read, or that it can again: part of readiness. */
  readonly tellTrouble: (why: string | undefined) => void;
}

export interface ConsumerSettings {
  readonly waitMs: number;
  readonly visibilityMs: number;
}

/** One failed receive is weather; a refused key is not. */
const UNREADY_AFTER = 3;
const BACKOFF = { firstMs: 500, maxMs: 20_000 };

/**
 * Free place, receive one, hand it on; until `draining` aborts. A poll that runs then is left to
 * finish, since an aborted one can swallow a message for V, and what it brings is handed back.
 * Nothing but `draining` and `stopped` ends the loop.
 */
export async function runConsumer(
  deps: ConsumerDeps,
  settings: ConsumerSettings,
  draining: AbortSignal,
  stopped: AbortSignal,
): Promise<void> {
  let failures = 0;
  let attemptId = deps.newId();
  while (!draining.aborted) {
    const slot = await deps.slots.take(draining);
    if (slot === undefined) return;
    await deps.gate.whenOpen(draining);
    const askedAt = nowOn(deps.clock);
    try {
      const request = { ...settings, attemptId };
      const delivery = draining.aborted ? undefined : await deps.queue.receive(request, stopped);
      failures = 0;
      attemptId = deps.newId();
      deps.tellTrouble(undefined);
      await handOn(deps, delivery, askedAt, slot, draining);
    } catch (error) {
      slot[Symbol.dispose]();
      // A lost answer may have hidden a message: the same id brings it back.
      if (isTroupeError(error) && !error.retryable) attemptId = deps.newId();
      failures += 1;
      await pause(deps, error, failures, draining);
    }
  }
}

async function handOn(
  deps: ConsumerDeps,
  delivery: Delivery | undefined,
  askedAt: Instant,
  slot: Slot,
  draining: AbortSignal,
): Promise<void> {
  if (delivery === undefined) return slot[Symbol.dispose]();
  deps.observe({ type: 'activation-received', receiveCount: delivery.receiveCount });
  if (!draining.aborted) return deps.assign({ delivery, askedAt, slot });
  slot[Symbol.dispose]();
  const { receiptHandle } = delivery;
  await deps.queue.changeVisibility([{ receiptHandle, visibilityMs: 0 }]);
}

async function pause(
  deps: ConsumerDeps,
  error: unknown,
  failures: number,
  draining: AbortSignal,
): Promise<void> {
  if (draining.aborted) return;
  deps.observe({ type: 'queue-failed', doing: 'receive', error });
  if (failures >= UNREADY_AFTER || isTroupeError(error, 'auth')) {
    deps.tellTrouble(error instanceof Error ? error.message : 'the queue cannot be read');
  }
  const delayMs = backoffMs(BACKOFF, failures, deps.random());
  await deps.clock.delay(delayMs, draining).catch(() => undefined);
}

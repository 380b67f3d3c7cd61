import { isTroupeError } from '../errors.ts';
import { backoffMs } from '../lib/retry.ts';
import type { Delivery } from '../ports/queue.ts';
import type { Gate } from './gate.ts';
import { releaseMessage } from './message.ts';
import type { MessageDeps } from './message.ts';
import type { Slot, Slots } from './slots.ts';

/** A message, and the place that its bot may take. */
export interface Received {
  readonly delivery: Delivery;
  readonly slot: Slot;
}

export interface ConsumerDeps extends MessageDeps {
  readonly slots: Slots;
  readonly gate: Gate;
  readonly random: () => number;
  readonly newId: () => string;
  /** Takes the message and the place over; never rejects, is not waited for. */
  readonly assign: (received: Received) => Promise<void>;
}

export interface ConsumerSettings {
  readonly waitMs: number;
  readonly visibilityMs: number;
}

/** The loop that receives. */
export interface Consumer {
  /** Why the queue cannot be read, if it cannot: part of readiness. */
  trouble(): string | undefined;
  /** Resolves when nothing is received any more; never rejects. */
  readonly done: Promise<void>;
}

/** One failed receive is weather; a refused key is not. */
const UNREADY_AFTER = 3;
const BACKOFF = { firstMs: 500, maxMs: 20_000 };

/**
 * Free place, receive one, hand it on; until `draining` aborts. A poll that runs then is left to
 * finish, since an aborted one can swallow a message for V, and what it brings is handed back. Only
 * `forced` cuts it.
 */
export function startConsumer(
  deps: ConsumerDeps,
  { waitMs, visibilityMs }: ConsumerSettings,
  draining: AbortSignal,
  forced: AbortSignal,
): Consumer {
  let trouble: string | undefined;
  let failures = 0;
  let attemptId = deps.newId();

  async function run(): Promise<void> {
    for (;;) {
      const slot = await deps.slots.take(draining);
      if (slot === undefined) return;
      await deps.gate.whenOpen(draining);
      if (draining.aborted) return slot[Symbol.dispose]();
      try {
        const request = { waitMs, visibilityMs, attemptId };
        const delivery = await deps.queue.receive(request, forced);
        attemptId = deps.newId();
        [failures, trouble] = [0, undefined];
        await handOn(delivery, slot);
      } catch (error) {
        slot[Symbol.dispose]();
        if (draining.aborted) return;
        await waitOut(error);
      }
    }
  }

  async function handOn(delivery: Delivery | undefined, slot: Slot): Promise<void> {
    if (delivery === undefined) return slot[Symbol.dispose]();
    const { messageId, receiveCount, sentAt } = delivery;
    const ageMs = Math.max(0, deps.clock.wallMs() - sentAt);
    deps.observe({ type: 'activation-received', messageId, receiveCount, ageMs });
    if (!draining.aborted) return void deps.assign({ delivery, slot });
    await releaseMessage(deps, delivery.receiptHandle);
    slot[Symbol.dispose]();
  }

  async function waitOut(failure: unknown): Promise<void> {
    deps.observe({ type: 'queue-failed', doing: 'receive', error: failure });
    // A lost answer may have hidden a message: the same id brings it back.
    if (isTroupeError(failure) && !failure.retryable) attemptId = deps.newId();
    failures += 1;
    if (failures >= UNREADY_AFTER || isTroupeError(failure, 'auth')) {
      trouble = failure instanceof Error ? failure.message : 'the queue cannot be read';
    }
    const pauseMs = backoffMs(BACKOFF, failures, deps.random());
    await deps.clock.delay(pauseMs, draining).catch(() => undefined);
  }

  return { trouble: () => trouble, done: run() };
}

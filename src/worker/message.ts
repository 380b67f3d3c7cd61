import { isTroupeError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Observe } from '../ports/observe.ts';
import type { Delivery, Queue } from '../ports/queue.ts';

export interface MessageDeps {
  readonly queue: Queue;
  readonly clock: Clock;
  readonly observe: Observe;
}

const TRIES = 3;
const PAUSE_MS = 300;

/** Deletes a message. One that stays is no harm: it comes back and is settled the same way. */
export async function deleteMessage(deps: MessageDeps, receiptHandle: string): Promise<void> {
  await insist(deps, 'delete', () => deps.queue.delete(receiptHandle)).catch(() => undefined);
}

/** Hands a message back, to be delivered after a pause. One that cannot be lapses, within V. */
export async function releaseMessage(
  deps: MessageDeps,
  receiptHandle: string,
  pauseMs = 0,
): Promise<void> {
  const changes = [{ receiptHandle, visibilityMs: pauseMs }];
  await insist(deps, 'release', () => deps.queue.changeVisibility(changes)).catch(() => undefined);
}

/**
 * Puts a copy into the dead-letter queue, with the reason: `dropped` if there is none, `kept` if it
 * did not get there. The message itself is still to be deleted.
 */
export async function copyToDeadLetters(
  deps: MessageDeps,
  delivery: Delivery,
  reason: string,
): Promise<'dead-lettered' | 'dropped' | 'kept'> {
  try {
    const put = await insist(deps, 'dead-letter', () => deps.queue.deadLetter(delivery, reason));
    return put ? 'dead-lettered' : 'dropped';
  } catch {
    return 'kept';
  }
}

/**
 * Tries a call three times while another try makes sense.
 * @throws what the last one threw.
 */
export async function insist<T>(
  { clock, observe }: Pick<MessageDeps, 'clock' | 'observe'>,
  doing: string,
  call: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      observe({ type: 'queue-failed', doing, error });
      if (attempt === TRIES || !isTroupeError(error) || !error.retryable) throw error;
      await clock.delay(PAUSE_MS * attempt);
    }
  }
}

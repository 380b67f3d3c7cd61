import type { Clock } from '../lib/clock.ts';
import type { FencedWrite, LeaseTable } from '../ports/lease-table.ts';
import type { Observe } from '../ports/observe.ts';
import type { Delivery, Queue } from '../ports/queue.ts';
import type { Lease } from './lease.ts';

export interface RowAndMessageDeps {
  readonly queue: Queue;
  readonly leases: Pick<LeaseTable, 'markLeft'>;
  readonly clock: Clock;
  readonly observe: Observe;
}

const TRIES = 3;
const PAUSE_MS = 300;

/**
 * Deletes a message that was settled without a lease: refused, re-sent or malformed. A failed delete
 * is no harm: the message comes back and is settled the same way.
 */
export async function deleteMessage(deps: RowAndMessageDeps, delivery: Delivery): Promise<void> {
  await tried(deps, 'delete', () => deps.queue.delete(delivery.receiptHandle));
}

/** Puts a copy into the dead-letter queue with the reason, then deletes; without one only deletes. */
export async function deadLetter(
  deps: RowAndMessageDeps,
  delivery: Delivery,
  reason: string,
): Promise<'dead-lettered' | 'dropped' | 'kept'> {
  const put = await tried(deps, 'dead-letter', () => deps.queue.deadLetter(delivery, reason));
  if (put === undefined) return 'kept';
  await deleteMessage(deps, delivery);
  return put ? 'dead-lettered' : 'dropped';
}

/**
 * The talk is over for now: first the row, then the message, so that a crash between the two is a
 * duplicate and not a second talk. A message that is no longer ours is left alone.
 */
export async function closeLease(
  deps: RowAndMessageDeps,
  lease: Lease,
  status: 'left' | 'failed',
): Promise<void> {
  if ((await markRow(deps, lease, status)) !== 'written' || !lease.owned()) return;
  await tried(deps, 'delete', () => deps.queue.delete(lease.receipt().handle));
}

/** Writes how the room stands; `undefined` when the database did not take it in time. */
export async function markRow(
  deps: RowAndMessageDeps,
  lease: Lease,
  status: 'left' | 'failed',
): Promise<FencedWrite | undefined> {
  const held = lease.held();
  if (held === undefined || lease.lost.aborted) return undefined;
  return await tried(deps, 'mark', () => deps.leases.markLeft(held, status));
}

/** Hands a message back at once, if it is still ours. */
export async function releaseMessage(
  deps: RowAndMessageDeps,
  receiptHandle: string,
  visibilityMs = 0,
): Promise<void> {
  await tried(deps, 'release', () =>
    deps.queue.changeVisibility([{ receiptHandle, visibilityMs }]),
  );
}

async function tried<T>(
  deps: RowAndMessageDeps,
  doing: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      deps.observe({ type: 'queue-failed', doing, error });
      if (attempt < TRIES) await deps.clock.delay(PAUSE_MS * attempt);
    }
  }
  return undefined;
}

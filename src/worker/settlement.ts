import { isTroupeError } from '../errors.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { LeaseTable, Refusal } from '../ports/lease-table.ts';
import type { Delivery } from '../ports/queue.ts';
import type { Activation } from './activation.ts';
import { groupIdOf, resentMessage } from './activation.ts';
import type { BotOutcome } from './bot.ts';
import { tryUnderLease } from './failure.ts';
import type { FailureDeps, Tried } from './failure.ts';
import { elapsedMs, nowOn } from './lease.ts';
import type { Lease } from './lease.ts';
import { copyToDeadLetters, deleteMessage, insist, releaseMessage } from './message.ts';
import type { MessageDeps } from './message.ts';
import type { Slots } from './slots.ts';

export interface SettlementDeps extends MessageDeps, FailureDeps {
  readonly leases: Pick<LeaseTable, 'markLeft' | 'handBack'>;
  readonly slots: Slots;
}

/** What is settled: a message, and what it asked for. */
export interface Case {
  readonly delivery: Delivery;
  readonly activation: Activation;
}

/** How a bot ended that did not fail. */
export type BotEnd = Exclude<BotOutcome, { readonly kind: 'failed' }>;

/** How long a message that was not served here is hidden from others, in ms. */
const AFTER_FAILURE_MS = 5_000;
const TELL_LIMIT_MS = 1_000;

/** Settles row and message by how the bot ended. */
export async function settleOutcome(
  deps: SettlementDeps,
  one: Case,
  lease: Lease,
  ended: Tried<BotEnd>,
): Promise<void> {
  const { room, session } = one.activation;
  const others = [...deps.slots.occupants().values()].filter((other) => other.lease !== lease);
  deps.observe({
    type: 'bot-ended',
    room,
    session,
    epoch: lease.epoch(),
    running: others.length,
    how: ended.kind === 'done' ? ended.value.kind : 'failed',
    ...(ended.kind !== 'done' && { error: ended.error }),
    ...(ended.kind === 'done' && ended.value.kind === 'left' && { reason: ended.value.reason }),
  });
  if (ended.kind === 'given-up') return await giveUp(deps, lease, ended.atOnce);
  if (ended.kind === 'hopeless') return await bury(deps, one, lease, ended.error.message);
  if (ended.value.kind === 'left') return await close(deps, lease, 'left');
  // Nobody has it yet, if it is still ours: the successor could not be sent in time.
  if (ended.value.kind === 'handed-over') return await handBack(deps, lease);
}

/** Settles a message whose lease the database refused. */
export async function settleRefusal(
  deps: SettlementDeps,
  one: Case,
  refusal: Refusal,
): Promise<void> {
  if (refusal === 'occupied') return await resend(deps, one, 'deferred');
  if (refusal === 'poisoned') {
    const reason = `room ${one.activation.room} crashed its workers too often`;
    return await refuse(deps, one.delivery, refusal, reason);
  }
  // A stalled worker's receipt is an old one: the message is somebody else's.
  if (refusal !== 'stalled') await deleteMessage(deps, one.delivery.receiptHandle);
  settled(deps, one, refusal);
}

/** To the dead-letter queue, with the reason. A message that cannot go there comes back. */
export async function refuse(
  deps: MessageDeps,
  delivery: Delivery,
  how: string,
  reason: string,
): Promise<void> {
  const { messageId, receiptHandle } = delivery;
  const put = await copyToDeadLetters(deps, delivery, reason);
  if (put !== 'kept') await deleteMessage(deps, receiptHandle);
  deps.observe({ type: 'activation-settled', how, detail: `${put}: ${reason}`, messageId });
}

/** Sent first, deleted second: a crash between the two is swallowed by the deduplication id. */
export async function resend(
  deps: MessageDeps,
  one: Case,
  how: 'rerouted' | 'deferred',
): Promise<void> {
  const { delivery, activation } = one;
  const { body, messageId, receiptHandle } = delivery;
  const requestedAt = activation.requestedAt ?? delivery.sentAt;
  const { deferrals } = activation;
  const placed =
    how === 'rerouted'
      ? { groupId: groupIdOf(activation.room), deduplicationId: messageId, deferrals }
      : {
          groupId: delivery.groupId,
          deduplicationId: `${messageId}:behind`,
          deferrals: deferrals + 1,
        };
  const message = resentMessage(body, { ...placed, requestedAt });
  try {
    await insist(deps, 'send', () => deps.queue.send(message));
  } catch (error) {
    // It may have become too long by what we add.
    if (isTroupeError(error, 'rejected')) return await refuse(deps, delivery, how, error.message);
    return await releaseMessage(deps, receiptHandle, AFTER_FAILURE_MS);
  }
  await deleteMessage(deps, receiptHandle);
  settled(deps, one, how);
}

/** Offers the room to any worker: after a pause, or at once when it is us who leave. */
export async function giveUp(
  deps: HandBackDeps & Pick<FailureDeps, 'draining'>,
  lease: Lease,
  atOnce: boolean,
): Promise<void> {
  await handBack(deps, lease, atOnce || deps.draining.aborted ? 0 : AFTER_FAILURE_MS);
}

/** What a message is handed back with. */
export interface HandBackDeps extends MessageDeps {
  readonly leases: Pick<LeaseTable, 'handBack'>;
}

/**
 * Hands a room's message back, if it is still ours. The row is told first, so that the next worker
 * counts no crash, however late it comes; a database that is away keeps nobody waiting for that.
 */
export async function handBack(deps: HandBackDeps, lease: Lease, pauseMs = 0): Promise<void> {
  const held = lease.held();
  if (held !== undefined && lease.owned()) {
    const tell = (signal: AbortSignal) => deps.leases.handBack(held, signal);
    const told = await withDeadline(deps.clock, TELL_LIMIT_MS, tell).catch(() => undefined);
    if (told === 'lost') lease.refused(held.epoch);
  }
  if (lease.owned()) await releaseMessage(deps, lease.flight().receipt.handle, pauseMs);
}

/** Tells how a message was settled. */
export function settled(
  { observe }: Pick<MessageDeps, 'observe'>,
  { delivery, activation }: Case,
  how: string,
  detail?: string,
): void {
  const { room, session } = activation;
  const { messageId } = delivery;
  observe({
    type: 'activation-settled',
    room,
    session,
    how,
    messageId,
    ...(detail !== undefined && { detail }),
  });
}

/** The room cannot be served: copy, row, message, so that a crash anywhere loses no reason. */
async function bury(deps: SettlementDeps, one: Case, lease: Lease, reason: string): Promise<void> {
  if (!lease.owned()) return;
  const put = await copyToDeadLetters(deps, one.delivery, reason);
  if (put === 'kept') return await giveUp(deps, lease, false);
  await close(deps, lease, 'failed');
  settled(deps, one, put, reason);
}

/**
 * First the row, then the message, so that a crash between the two is a duplicate and not a second
 * talk. A message that is no longer ours is left alone; so is one whose row could not be written: it
 * lapses, and the next worker ends what we could not.
 */
async function close(deps: SettlementDeps, lease: Lease, status: 'left' | 'failed'): Promise<void> {
  const held = lease.held();
  if (held === undefined) return;
  const leftAt = nowOn(deps.clock);
  const marked = await tryUnderLease(deps, lease, () =>
    deps.leases.markLeft(held, status, elapsedMs(deps.clock, leftAt)),
  );
  if (marked.kind !== 'done' || marked.value !== 'written' || !lease.owned()) return;
  await deleteMessage(deps, lease.flight().receipt.handle);
}

import { isTroupeError } from '../errors.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { LeaseTable, Refusal } from '../ports/lease-table.ts';
import type { Delivery } from '../ports/queue.ts';
import type { Activation } from './activation.ts';
import { groupIdOf, resentMessage } from './activation.ts';
import { tryUnderLease } from './failure.ts';
import type { FailureDeps, Tried } from './failure.ts';
import { fateOf, fateOfRefused, hiddenForMs } from './fate.ts';
import type { BotEnd, Fate } from './fate.ts';
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

const TELL_LIMIT_MS = 1_000;

/** Settles row and message by how the bot ended. */
export async function settleOutcome(
  deps: SettlementDeps,
  one: Case,
  lease: Lease,
  ended: Tried<BotEnd>,
): Promise<void> {
  tellEnd(deps, one, lease, ended);
  await carryOut(deps, one, lease, fateOf(ended, deps.draining.aborted));
}

/** Settles a message whose lease the database refused. */
export async function settleRefusal(
  deps: SettlementDeps,
  one: Case,
  refusal: Refusal,
): Promise<void> {
  const fate = fateOfRefused(refusal, one.activation.room);
  if (fate.kind === 'put-behind') return await resend(deps, one, 'deferred');
  if (fate.kind === 'dead-lettered') return await refuse(deps, one.delivery, refusal, fate.reason);
  if (fate.kind === 'deleted') await deleteMessage(deps, one.delivery.receiptHandle);
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
    return await releaseMessage(deps, receiptHandle, hiddenForMs(false));
  }
  await deleteMessage(deps, receiptHandle);
  settled(deps, one, how);
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

async function carryOut(deps: SettlementDeps, one: Case, lease: Lease, fate: Fate): Promise<void> {
  if (fate.kind === 'closed') return await close(deps, lease, 'left');
  if (fate.kind === 'buried') return await bury(deps, one, lease, fate.reason);
  if (fate.kind === 'handed-back') return await handBack(deps, lease, fate.pauseMs);
}

/** The room cannot be served: copy, row, message, so that a crash anywhere loses no reason. */
async function bury(deps: SettlementDeps, one: Case, lease: Lease, reason: string): Promise<void> {
  if (!lease.owned()) return;
  const put = await copyToDeadLetters(deps, one.delivery, reason);
  if (put === 'kept') return await handBack(deps, lease, hiddenForMs(deps.draining.aborted));
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
  const heldMs = lease.heldMs();
  lease.leave();
  const marked = await tryUnderLease(deps, lease, () => deps.leases.markLeft(held, status, heldMs));
  if (marked.kind !== 'done' || marked.value !== 'written' || !lease.owned()) return;
  await deleteMessage(deps, lease.flight().receipt.handle);
}

function tellEnd(
  { observe, slots }: SettlementDeps,
  { activation: { room, session } }: Case,
  lease: Lease,
  ended: Tried<BotEnd>,
): void {
  const others = [...slots.occupants().values()].filter((other) => other.lease !== lease);
  observe({
    type: 'bot-ended',
    room,
    session,
    epoch: lease.epoch(),
    running: others.length,
    how: ended.kind === 'done' ? ended.value.kind : 'failed',
    ...(ended.kind !== 'done' && { error: ended.error }),
    ...(ended.kind === 'done' && ended.value.kind === 'left' && { reason: ended.value.reason }),
  });
}

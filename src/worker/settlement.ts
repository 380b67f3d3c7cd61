import type { Refusal } from '../ports/lease-table.ts';
import type { Activation } from './activation.ts';
import { groupIdOf, resentMessage } from './activation.ts';
import type { BotOutcome } from './bot.ts';
import type { Received } from './consumer.ts';
import type { Lease } from './lease.ts';
import {
  closeLease,
  deadLetter,
  deleteMessage,
  markRow,
  releaseMessage,
} from './row-and-message.ts';
import type { RowAndMessageDeps } from './row-and-message.ts';
import type { Slots } from './slots.ts';

export interface SettlementDeps extends RowAndMessageDeps {
  readonly slots: Slots;
}

/** A room that no bot could serve here is offered again, to anybody, after a pause. */
const AFTER_FAILURE_MS = 15_000;

/** Settles row and message by how the bot ended. */
export async function settleOutcome(
  deps: SettlementDeps,
  received: Received,
  activation: Activation,
  lease: Lease,
  outcome: BotOutcome,
  next: 'settle' | 'release',
): Promise<void> {
  const { room, session } = activation;
  deps.observe({
    type: 'bot-ended',
    room,
    session,
    epoch: lease.epoch(),
    how: outcome.kind,
    running: deps.slots.occupants().size - 1,
    ...(outcome.kind === 'left' && { reason: outcome.reason }),
    ...(outcome.kind === 'failed' && { error: outcome.error }),
  });
  if (outcome.kind === 'left') return await closeLease(deps, lease, 'left');
  if (outcome.kind === 'lost' || !lease.owned()) return;
  if (outcome.kind === 'handed-over') return await releaseMessage(deps, lease.receipt().handle);
  if (next === 'release') {
    return await releaseMessage(deps, lease.receipt().handle, AFTER_FAILURE_MS);
  }
  await markRow(deps, lease, 'failed');
  const current = { ...received.delivery, receiptHandle: lease.receipt().handle };
  const how = await deadLetter(deps, current, outcome.error.message);
  settled(deps, received, activation, how, outcome.error.message);
}

/** Settles a message whose lease the database refused. */
export async function settleRefusal(
  deps: SettlementDeps,
  received: Received,
  activation: Activation,
  refusal: Refusal,
): Promise<void> {
  if (refusal === 'occupied') return await resend(deps, received, activation, 'deferred');
  if (refusal === 'poisoned') {
    return await refuse(
      deps,
      received,
      refusal,
      `room ${activation.room} crashed its workers too often`,
    );
  }
  // A stalled worker's receipt is an old one: the message is somebody else's.
  if (refusal !== 'stalled') await deleteMessage(deps, received.delivery);
  settled(deps, received, activation, refusal);
}

/** To the dead-letter queue, with the reason. */
export async function refuse(
  deps: SettlementDeps,
  received: Received,
  how: string,
  reason: string,
): Promise<void> {
  const { messageId } = received.delivery;
  const put = await deadLetter(deps, received.delivery, reason);
  deps.observe({ type: 'activation-settled', how, detail: `${put}: ${reason}`, messageId });
}

/** Sent first, deleted second: a crash between the two is swallowed by the deduplication id. */
export async function resend(
  deps: SettlementDeps,
  received: Received,
  activation: Activation,
  how: 'rerouted' | 'deferred',
): Promise<void> {
  const { body, messageId, sentAt, groupId } = received.delivery;
  const requestedAt = activation.requestedAt ?? sentAt;
  const placed =
    how === 'rerouted'
      ? {
          groupId: groupIdOf(activation.room),
          deduplicationId: messageId,
          deferrals: activation.deferrals,
        }
      : { groupId, deduplicationId: `${messageId}:behind`, deferrals: activation.deferrals + 1 };
  await deps.queue.send(resentMessage(body, { ...placed, requestedAt }));
  await deleteMessage(deps, received.delivery);
  settled(deps, received, activation, how);
}

/** Tells how a message was settled. */
export function settled(
  deps: SettlementDeps,
  { delivery }: Received,
  { room, session }: Activation,
  how: string,
  detail?: string,
): void {
  const { messageId } = delivery;
  deps.observe({
    type: 'activation-settled',
    room,
    session,
    how,
    messageId,
    ...(detail !== undefined && { detail }),
  });
}

import type { BotOutcome } from '../ports/bot.ts';
import type { Refusal } from '../ports/lease-table.ts';
import type { Tried } from './failure.ts';

/** How a bot ended that did not fail. */
export type BotEnd = Exclude<BotOutcome, { readonly kind: 'failed' }>;

/** What becomes of a message whose room we hold, and of the room's row. */
export type Fate =
  /** Served: the row says `left`, the message goes. */
  | { readonly kind: 'closed' }
  /** Nobody could serve it: to the dead letters with the reason, the row says `failed`. */
  | { readonly kind: 'buried'; readonly reason: string }
  /** Offered to any worker, hidden from all for a while. */
  | { readonly kind: 'handed-back'; readonly pauseMs: number }
  /** Somebody else's to settle. */
  | { readonly kind: 'untouched' };

/** What becomes of a message whose room the database did not give us. */
export type RefusedFate =
  | { readonly kind: 'deleted' }
  | { readonly kind: 'dead-lettered'; readonly reason: string }
  /** Sent again, behind what stands in its group. */
  | { readonly kind: 'put-behind' }
  | { readonly kind: 'untouched' };

const AFTER_FAILURE_MS = 5_000;

/** By how the bot ended, or why it is not tried any more. */
export function fateOf(ended: Tried<BotEnd>, draining: boolean): Fate {
  if (ended.kind === 'given-up') {
    return { kind: 'handed-back', pauseMs: hiddenForMs(ended.atOnce || draining) };
  }
  if (ended.kind === 'hopeless') return { kind: 'buried', reason: ended.error.message };
  return ENDS[ended.value.kind];
}

/** How long a message that was not served here is hidden: not at all when it is us who leave. */
export function hiddenForMs(leaving: boolean): number {
  return leaving ? 0 : AFTER_FAILURE_MS;
}

/** By why the database refused it. */
export function fateOfRefused(refusal: Refusal, room: string): RefusedFate {
  if (refusal === 'occupied') return { kind: 'put-behind' };
  if (refusal === 'poisoned') {
    return { kind: 'dead-lettered', reason: `room ${room} crashed its workers too often` };
  }
  // A stalled worker's receipt is an old one: the message is somebody else's.
  return { kind: refusal === 'stalled' ? 'untouched' : 'deleted' };
}

const ENDS: Readonly<Record<BotEnd['kind'], Fate>> = {
  left: { kind: 'closed' },
  // Nobody has it yet, if it is still ours: the successor could not be sent in time.
  'handed-over': { kind: 'handed-back', pauseMs: 0 },
  lost: { kind: 'untouched' },
};

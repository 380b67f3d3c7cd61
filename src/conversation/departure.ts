import type { LeaveReason } from '../ports/bot.ts';
import type { EventOf } from './events.ts';
import { cutReply } from './on-reply.ts';
import { finishSettled } from './on-user.ts';
import { commitVoices } from './voice-turn.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';
import { andThen, step } from './step.ts';
import type { Step } from './step.ts';

/** When the bot has been idle for long enough; a cut link, a reply or a speaker stops the count. */
export function idleDueAt(
  state: ConversationState,
  policy: ConversationPolicy,
): number | undefined {
  const silent = state.floors.size === 0 && state.voices.size === 0;
  const counts = isWatching(state) && state.reply.kind === 'none' && silent;
  if (!counts || policy.idleTimeoutMs <= 0) return undefined;
  return state.lastActivityAt + policy.idleTimeoutMs;
}

/** When those whose absence counts are given up. */
export function departureDueAt(
  state: ConversationState,
  policy: ConversationPolicy,
): number | undefined {
  if (!isWatching(state) || state.absentSince.size === 0) return undefined;
  return Math.min(...state.absentSince.values()) + policy.departureGraceMs;
}

/** Says good-bye and leaves; no reply runs, or the room were not idle. */
export function onIdle(state: ConversationState, at: number, policy: ConversationPolicy): Step {
  const said = step(state, { type: 'say', line: 'idle' });
  return andThen(said, (next) => leave(next, 'idle', at, policy));
}

/** Nobody came back in time. */
export function onDeparture(
  state: ConversationState,
  at: number,
  policy: ConversationPolicy,
): Step {
  const anyHuman = policy.leaveWhen === 'any-human';
  return leave(state, anyHuman ? 'participant-left' : 'last-human-left', at, policy);
}

/** The room is gone, or the worker wants us out. */
export function onLeaveRequested(
  state: ConversationState,
  event: EventOf<'leave-requested'>,
  policy: ConversationPolicy,
): Step {
  return leave(state, event.reason, event.at, policy);
}

/**
 * Whether last words are waited for: where the link is gone every microphone has ended, and what was
 * said into it until then is about to be known.
 */
export function awaitsWords({ pendingLeave, link, voices }: ConversationState): boolean {
  return pendingLeave !== undefined && link === 'down' && voices.size > 0;
}

/** They took too long. */
export function onLastWordsDue(
  state: ConversationState,
  at: number,
  policy: ConversationPolicy,
): Step {
  return commitVoices(state, [...state.voices.values()], at, policy);
}

/** Says `leave` once nothing is being said any more. */
export function leaveWhenSilent(state: ConversationState): Step {
  const reason = state.pendingLeave;
  if (reason === undefined || state.reply.kind !== 'none' || awaitsWords(state)) return step(state);
  return step({ ...state, pendingLeave: undefined }, { type: 'leave', reason });
}

/** What people were still writing or saying is kept for the next bot; the reply is cut. */
function leave(
  state: ConversationState,
  reason: LeaveReason,
  at: number,
  policy: ConversationPolicy,
): Step {
  const leaving = { ...state, phase: 'leaving', pendingLeave: reason } as const;
  const settled = finishSettled(leaving, Infinity, policy);
  const said = andThen(settled, (next) =>
    awaitsWords(next) ? step(next) : commitVoices(next, [...next.voices.values()], at, policy),
  );
  return andThen(said, (next) => cutReply(next, 'leaving'));
}

function isWatching(state: ConversationState): boolean {
  return state.phase === 'open' && state.link === 'up';
}

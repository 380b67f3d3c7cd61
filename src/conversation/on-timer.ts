import type { EventOf, TimerName } from './events.ts';
import { onHoldDue } from './barge-in.ts';
import { onDeparture, onIdle, onLastWordsDue } from './departure.ts';
import { onHandoverDue } from './on-handover.ts';
import { onReplyCutDue } from './on-reply.ts';
import { finishSettled } from './on-user.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';
import { step } from './step.ts';
import type { Step } from './step.ts';
import { onWordsDue } from './voice-turn.ts';

/**
 * Runs what the timer was for. A timer that was stopped meanwhile carries an old id. What is due is
 * judged by the time that was set, since machines fire timers a little early too.
 */
export function onTimerFired(
  state: ConversationState,
  event: EventOf<'timer-fired'>,
  policy: ConversationPolicy,
): Step {
  const running = state.timers.get(event.timer);
  if (running?.timerId !== event.timerId) return step(state);
  const timers = new Map(state.timers);
  timers.delete(event.timer);
  const now = Math.max(event.at, running.dueAt);
  return WHAT_FOR[event.timer]({ ...state, timers }, now, policy);
}

const WHAT_FOR: Readonly<
  Record<TimerName, (state: ConversationState, at: number, policy: ConversationPolicy) => Step>
> = {
  'chat-settle': finishSettled,
  'words-due': onWordsDue,
  hold: onHoldDue,
  idle: onIdle,
  'departure-grace': onDeparture,
  'handover-reply': onHandoverDue,
  'last-words': onLastWordsDue,
  'reply-cut': onReplyCutDue,
};

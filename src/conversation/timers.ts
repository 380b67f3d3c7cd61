import type { Command } from './commands.ts';
import type { TimerName } from './events.ts';
import { awaitsWords, departureDueAt, idleDueAt } from './departure.ts';
import { holdDueAt } from './barge-in.ts';
import { settleDueAt } from './on-user.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';
import type { Step } from './step.ts';
import { wordsDueAt } from './voice-turn.ts';

/** How long the mouth has to say what was heard of a cut reply; it does so at once as a rule. */
const REPLY_CUT_MS = 100;

/** How long last words may take, in ms: a successor's answers wait for them. */
const LAST_WORDS_MS = 500;

/**
 * Starts and stops timers until those run that the state calls for, each with the due time that it
 * calls for. No handler starts one, so none is forgotten and none runs twice.
 */
export function adjustTimers(
  state: ConversationState,
  at: number,
  policy: ConversationPolicy,
): Step {
  const timers = new Map(state.timers);
  const commands: Command[] = [];
  let { lastTimerId } = state;
  for (const [timer, dueAt] of dueTimes(state, at, policy)) {
    if (timers.get(timer)?.dueAt === dueAt) continue;
    if (timers.delete(timer)) commands.push({ type: 'stop-timer', timer });
    if (dueAt === undefined) continue;
    const timerId = ++lastTimerId;
    timers.set(timer, { timerId, dueAt });
    commands.push({ type: 'start-timer', timer, timerId, delayMs: Math.max(0, dueAt - at) });
  }
  return { state: { ...state, timers, lastTimerId }, commands };
}

function dueTimes(
  state: ConversationState,
  at: number,
  policy: ConversationPolicy,
): readonly (readonly [TimerName, number | undefined])[] {
  const { reply, handover } = state;
  const stopping = reply.kind !== 'none' && reply.stopping;
  const finishing = handover === 'finishing';
  const fixed = (timer: TimerName, delayMs: number): number =>
    state.timers.get(timer)?.dueAt ?? at + delayMs;
  return [
    ['chat-settle', settleDueAt(state, policy)],
    ['words-due', wordsDueAt(state, policy)],
    ['hold', holdDueAt(state, policy)],
    ['idle', idleDueAt(state, policy)],
    ['departure-grace', departureDueAt(state, policy)],
    ['handover-reply', finishing ? fixed('handover-reply', policy.handoverReplyMs) : undefined],
    ['last-words', awaitsWords(state) ? fixed('last-words', LAST_WORDS_MS) : undefined],
    ['reply-cut', stopping ? fixed('reply-cut', REPLY_CUT_MS) : undefined],
  ];
}

import { leaveWhenSilent } from './departure.ts';
import { reportReady } from './on-handover.ts';
import { startReply } from './on-reply.ts';
import { humansOf } from './roster.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';
import { andThen, step } from './step.ts';
import type { Step } from './step.ts';
import { adjustTimers } from './timers.ts';
import { mayReply } from './turn-policy.ts';

/**
 * What follows from where things stand, after every event: whoever ended a reply, opened the room or
 * restored the link need not know who waits for it.
 */
export function proceed(state: ConversationState, at: number, policy: ConversationPolicy): Step {
  const follow = state.phase === 'leaving' ? [leaveWhenSilent] : PRESENT;
  const moved = follow.reduce(
    (before, next) => andThen(before, (now) => next(now, policy)),
    step(state),
  );
  return andThen(moved, (now) => adjustTimers(now, at, policy));
}

const PRESENT: readonly ((state: ConversationState, policy: ConversationPolicy) => Step)[] = [
  greetFirstHuman,
  reportReady,
  startWaitingReply,
  showState,
];

function greetFirstHuman(state: ConversationState, policy: ConversationPolicy): Step {
  const due = state.phase === 'open' && state.link === 'up' && !state.joinedSaid;
  if (!due || humansOf(state.people.values()).size === 0) return step(state);
  return step(
    { ...state, joinedSaid: true },
    { type: 'say', line: 'joined' },
    ...(policy.hasGreeting ? [{ type: 'say', line: 'greeting' } as const] : []),
  );
}

function startWaitingReply(state: ConversationState): Step {
  return mayReply(state) ? startReply(state) : step(state);
}

/** Who is met on the way is heard from then on, though answered only once the memory is whole. */
function showState(state: ConversationState): Step {
  if (state.phase === 'arriving' && state.people.size === 0) return step(state);
  const now = state.reply.kind === 'none' ? 'listening' : state.reply.kind;
  if (now === state.shownState) return step(state);
  return step({ ...state, shownState: now }, { type: 'show-agent-state', state: now });
}

import { yieldTo } from './barge-in.ts';
import { leaveWhenSilent } from './departure.ts';
import { draftReply, dropVoidDraft, voidDraft } from './draft.ts';
import { reportReady } from './on-handover.ts';
import { startReply } from './on-reply.ts';
import { humansOf } from './roster.ts';
import type { AgentState } from './events.ts';
import type { ConversationPolicy, ConversationState, Reply } from './state.ts';
import { andThen, step } from './step.ts';
import type { Step } from './step.ts';
import { adjustTimers } from './timers.ts';
import { mayReply } from './turn-policy.ts';

/**
 * What follows from where things stand, after every event: whoever ended a reply, opened the room or
 * restored the link need not know who waits for it.
 */
export function proceed(state: ConversationState, at: number, policy: ConversationPolicy): Step {
  const follow = state.phase === 'leaving' ? LEAVING : PRESENT;
  const moved = follow.reduce(
    (before, next) => andThen(before, (now) => next(now, policy, at)),
    step(state),
  );
  return andThen(moved, (now) => adjustTimers(now, at, policy));
}

const PRESENT: readonly ((
  state: ConversationState,
  policy: ConversationPolicy,
  at: number,
) => Step)[] = [
  greetFirstHuman,
  reportReady,
  dropVoidDraft,
  startWaitingReply,
  draftReply,
  showState,
];

const LEAVING = [voidDraft, leaveWhenSilent] as const;

function greetFirstHuman(state: ConversationState): Step {
  const due = state.phase === 'open' && state.link === 'up' && !state.joinedSaid;
  if (!due || humansOf(state.people.values()).size === 0) return step(state);
  return step({ ...state, joinedSaid: true }, { type: 'say', line: 'joined' });
}

/** It is made at once, and waits with its first sound for those who speak. */
function startWaitingReply(
  state: ConversationState,
  _policy: ConversationPolicy,
  at: number,
): Step {
  if (!mayReply(state)) return step(state);
  const speaking = [...state.voices.values()].find(({ kind }) => kind === 'speaking');
  return andThen(startReply(state), (next) =>
    speaking === undefined ? step(next) : yieldTo(next, speaking.speaker.identity, at),
  );
}

/** Who is met on the way is heard from then on, though answered only once the memory is whole. */
function showState(state: ConversationState): Step {
  if (state.phase === 'arriving' && state.people.size === 0) return step(state);
  const now = stateOf(state.reply);
  if (now === state.shownState) return step(state);
  return step({ ...state, shownState: now }, { type: 'show-agent-state', state: now });
}

/** A reply that was silenced listens. */
function stateOf(reply: Reply): AgentState {
  if (reply.kind === 'none') return 'listening';
  return reply.kind === 'speaking' && reply.held !== undefined ? 'listening' : reply.kind;
}

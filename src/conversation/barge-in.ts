import { isBackchannel } from './backchannel.ts';
import type { Person } from './events.ts';
import { callNames, mentionsAny } from './mention.ts';
import { cutReply } from './on-reply.ts';
import { humansOf } from './roster.ts';
import type { ConversationPolicy, ConversationState, LiveReply } from './state.ts';
import { step } from './step.ts';
import type { Step } from './step.ts';
import { habitsOf, withHabits, withVoice } from './voices.ts';

/** Somebody begins to speak: a reply that is not heard yet waits for them. */
export function yieldTo(state: ConversationState, identity: string, at: number): Step {
  return state.reply.kind === 'thinking' ? hold(state, identity, at) : step(state);
}

/**
 * Their sound has lasted long enough to be an interruption. In the bot's first seconds of speech it may
 * be its own voice, whoever's sound was in vain twice needs words, and so does whom the reply does not answer.
 */
export function holdForSound(
  state: ConversationState,
  identity: string,
  at: number,
  policy: ConversationPolicy,
): Step {
  const { reply, spokenMs } = state;
  if (reply.kind !== 'speaking' || !isListenedTo(state, reply, identity)) return step(state);
  const heardMs = spokenMs + at - (reply.audibleAt ?? at);
  const guarded = heardMs < policy.speech.echoGuardMs;
  const trusted = habitsOf(state, identity).dismissedHolds < MOST_DISMISSED;
  return guarded || !trusted ? step(state) : hold(state, identity, at);
}

const MOST_DISMISSED = 2;

/** Words of somebody: they end the reply, unless they only show attention or are not for the bot. */
export function interruptByWords(
  state: ConversationState,
  { identity }: Person,
  text: string,
  policy: ConversationPolicy,
): Step {
  const { reply } = state;
  if (policy.newTurnWhileReplying !== 'interrupt') return step(state);
  if (reply.kind !== 'speaking' || isBackchannel(text)) return step(state);
  const counts =
    isListenedTo(state, reply, identity) ||
    countWords(text) >= policy.speech.strangerWords ||
    mentionsAny(text, [policy.botName, ...policy.addressing.names].flatMap(callNames));
  return counts ? cutReply(rememberCut(state, reply, identity), 'barge-in') : step(state);
}

/** Who cuts what the bot says to them goes on talking with it. */
function rememberCut(
  state: ConversationState,
  reply: LiveReply,
  identity: string,
): ConversationState {
  const floor = state.voices.get(identity);
  const isAnswered = reply.answers.some(({ speaker }) => speaker === identity);
  const cut = { ...state, reply: { ...reply, cutBy: identity } };
  return floor !== undefined && isAnswered ? withVoice(cut, { ...floor, cutsAnswer: true }) : cut;
}

/** Their speech came to nothing: the reply goes on, if it was held for them. */
export function release(state: ConversationState, identity: string): Step {
  const { reply } = state;
  if (reply.kind === 'none' || reply.stopping || reply.held?.by !== identity) return step(state);
  return resume(state, reply);
}

/** It was held for long enough, for nothing. */
export function onHoldDue(state: ConversationState): Step {
  const { reply } = state;
  return reply.kind === 'none' || reply.held === undefined ? step(state) : resume(state, reply);
}

/** When the hold is given up. */
export function holdDueAt(
  state: ConversationState,
  policy: ConversationPolicy,
): number | undefined {
  const { reply } = state;
  if (reply.kind === 'none' || reply.stopping || reply.held === undefined) return undefined;
  const { holdMs, yieldMs } = policy.speech;
  return reply.held.at + (reply.kind === 'thinking' ? yieldMs : holdMs);
}

function hold(state: ConversationState, identity: string, at: number): Step {
  const { reply } = state;
  if (reply.kind === 'none' || reply.stopping || reply.held !== undefined) return step(state);
  const held = { ...reply, held: { by: identity, at } };
  return step({ ...state, reply: held }, { type: 'hold-playout', replyId: reply.replyId });
}

function resume(state: ConversationState, reply: LiveReply): Step {
  const by = reply.held?.by ?? '';
  const inVain = reply.kind === 'speaking' ? habitsOf(state, by).dismissedHolds + 1 : 0;
  const known = inVain > 0 ? withHabits(state, by, { dismissedHolds: inVain }) : state;
  return step(
    { ...known, reply: { ...reply, held: undefined } },
    { type: 'resume-playout', replyId: reply.replyId },
  );
}

/** The only other human, one whom the reply answers, or anybody where it answers none. */
function isListenedTo(state: ConversationState, reply: LiveReply, identity: string): boolean {
  const humans = humansOf(state.people.values());
  if (humans.size <= 1 || reply.answers.length === 0) return true;
  return reply.answers.some(({ speaker }) => speaker === identity);
}

function countWords(text: string): number {
  const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text);
  return [...segments].filter(({ isWordLike }) => isWordLike === true).length;
}

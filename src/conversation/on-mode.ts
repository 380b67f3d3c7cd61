import { voidDraft } from './draft.ts';
import type { EventOf } from './events.ts';
import { cutReply } from './on-reply.ts';
import type { ConversationPolicy, ConversationState } from './state.ts';
import { andThen } from './step.ts';
import type { Step } from './step.ts';
import { commitVoices } from './voice-turn.ts';

/**
 * Other ears and another mouth from here on: what was being said counts as it stands, and what of the
 * reply was not heard is made anew.
 */
export function onModeSwitched(
  state: ConversationState,
  { at }: EventOf<'mode-switched'>,
  policy: ConversationPolicy,
): Step {
  const cut = andThen(voidDraft(unspoken(state, at)), (now) => cutReply(now, 'mode-switch'));
  return andThen(cut, (now) => commitVoices(now, [...now.voices.values()], at, policy));
}

/** What was written has no echo. */
function unspoken(state: ConversationState, at: number): ConversationState {
  const { reply } = state;
  if (reply.kind === 'none') return { ...state, spokenMs: 0 };
  return { ...state, spokenMs: 0, reply: { ...reply, audibleAt: at } };
}

import { goesOn } from './endpointing.ts';
import type { ConversationPolicy, ConversationState, OwedTurn } from './state.ts';
import { step } from './step.ts';
import type { Step } from './step.ts';
import { isAddressed } from './turn-policy.ts';
import { withVoice, wordsOf } from './voices.ts';
import type { VoiceFloor } from './voices.ts';
import { wordUnits } from './word-units.ts';

/**
 * Begins the reply to what the one speaker seems to have said, while they may still go on: the model's
 * and the voice's time then run beside the silence that is waited for.
 */
export function draftReply(state: ConversationState, policy: ConversationPolicy, at: number): Step {
  const [floor, other] = state.voices.values();
  if (floor === undefined || other !== undefined) return step(state);
  if (!isFree(state) || state.pending.length > 0 || state.draft !== undefined) return step(state);
  const { turnId, speaker, cutsAnswer } = floor;
  const text = wordsOf(floor);
  const said = { id: turnId, speaker: speaker.identity, name: speaker.name, text, at };
  if (!looksFinished(floor, policy) || !isAddressed(state, { ...said, cutsAnswer }, policy))
    return step(state);
  const replyId = state.lastReplyId + 1;
  const draft = { replyId, turnId, words: wordUnits(text).join(' ') };
  const counted = withVoice(state, { ...floor, drafts: floor.drafts + 1 });
  return step(
    { ...counted, lastReplyId: replyId, draft },
    { type: 'draft-reply', replyId, turn: { ...said, addressed: true } },
  );
}

/** Cancels the draft where it answers what was not said, or nothing may be said at all. */
export function dropVoidDraft(state: ConversationState): Step {
  const { draft, pending } = state;
  if (draft === undefined) return step(state);
  const floor = [...state.voices.values()].find(({ turnId }) => turnId === draft.turnId);
  const stands =
    floor === undefined
      ? isAll(pending, draft.turnId)
      : pending.length === 0 && saysSo(draft.words, wordsOf(floor));
  return isFree(state) && stands ? step(state) : voidDraft(state);
}

/** Cancels the draft where this turn, as committed, is another one or has other words. */
export function dropDraftUnlike(
  state: ConversationState,
  { id, text }: { readonly id: string; readonly text: string },
): Step {
  const { draft } = state;
  const fits = draft?.turnId === id && saysSo(draft.words, text);
  return fits ? step(state) : voidDraft(state);
}

/** Cancels the draft, if there is one. */
export function voidDraft(state: ConversationState): Step {
  const { draft } = state;
  if (draft === undefined) return step(state);
  const { replyId } = draft;
  return step(
    { ...state, draft: undefined },
    { type: 'cancel-reply', replyId, reason: 'draft-void' },
  );
}

/** Whether these turns are this one and no other. */
export function isAll(turns: readonly OwedTurn[], turnId: string): boolean {
  return turns.length === 1 && turns[0]?.id === turnId;
}

/** Whether a reply could begin if somebody had asked for one. */
function isFree({ phase, link, handover, reply, lines, floors }: ConversationState): boolean {
  const mayReply = phase === 'open' && link === 'up' && handover === 'none';
  return mayReply && reply.kind === 'none' && lines.length === 0 && floors.size === 0;
}

function looksFinished(floor: VoiceFloor, policy: ConversationPolicy): boolean {
  const text = wordsOf(floor);
  const mayBe = floor.kind !== 'speaking' && text !== '' && !goesOn(text);
  return mayBe && floor.drafts < policy.speech.draftsPerTurn;
}

/** Case and marks aside. */
function saysSo(words: string, text: string): boolean {
  return wordUnits(text).join(' ') === words;
}

import type { Turn } from './events.ts';
import { isUnheard } from './heard.ts';
import { callNames, mentionsAny } from './mention.ts';
import { humansOf } from './roster.ts';
import type { ConversationPolicy, ConversationState, Floor, OwedTurn, Reply } from './state.ts';
import type { VoiceFloor } from './voices.ts';

/** Most lines, and characters, that become one turn. */
const MAX_LINES = 16;
const MAX_CHARACTERS = 4_000;
/** How long new turns may cut replies that have not begun, before one of them is let begin. */
const PATIENCE_MS = 4_000;

/** Whether `text` still fits into the turn that the speaker's lines are becoming. */
export function fitsTurn(floor: Floor, text: string): boolean {
  const length = floor.texts.reduce((sum, line) => sum + line.length + 1, text.length);
  return floor.texts.length < MAX_LINES && length <= MAX_CHARACTERS;
}

/** When the speaker is taken to have finished. */
export function settlesAt(floor: Floor, policy: ConversationPolicy): number {
  return floor.lastLineAt + policy.chatSettleMs;
}

/**
 * Whether the bot owes this turn an answer, by the character's rule. The speaker counts as there,
 * also while their `person-joined` is still to come.
 */
export function isAddressed(
  state: ConversationState,
  turn: Said,
  policy: ConversationPolicy,
): boolean {
  const { rule, names, phrases } = policy.addressing;
  if (rule === 'always') return true;
  const others = new Set(humansOf(state.people.values())).add(turn.speaker);
  if (rule === 'auto' && others.size === 1) return true;
  const called = [policy.botName, ...names].flatMap(callNames);
  if (mentionsAny(turn.text, [...called, ...phrases])) return true;
  const goesOn = turn.cutsAnswer === true || isFollowUp(state, turn, policy);
  return rule === 'auto' && goesOn && !callsAnother(state, turn);
}

/** What somebody said, and whether they cut the bot's answer to them with it. */
type Said = Pick<Turn, 'speaker' | 'text' | 'at'> & Partial<Pick<VoiceFloor, 'cutsAnswer'>>;

/** Who was just answered asks on without a name. */
function isFollowUp(
  { lastAnswer }: ConversationState,
  { speaker, text, at }: Said,
  { followUpMs }: ConversationPolicy,
): boolean {
  if (lastAnswer === undefined || at - lastAnswer.at > followUpMs) return false;
  return lastAnswer.speakers.includes(speaker) && isQuestion(text);
}

/** Who names somebody else does not talk to the bot. */
function callsAnother({ people }: ConversationState, { speaker, text }: Said): boolean {
  const others = [...people.values()].filter(({ identity }) => identity !== speaker);
  return mentionsAny(
    text,
    others.flatMap(({ name }) => callNames(name)),
  );
}

/** By its mark, or as Japanese ends one. */
function isQuestion(text: string): boolean {
  return /(?:[?？]|か。?)["'”’」』)]*$/u.test(text.trim());
}

/** Whether one more turn may wait. Those of a reply wait too until a word of it is heard. */
export function mayWait(
  { pending, reply }: ConversationState,
  policy: ConversationPolicy,
): boolean {
  const answering = reply.kind !== 'none' && isUnheard(reply) ? reply.answers.length : 0;
  return pending.length + answering < policy.maxPending;
}

/** Whether a handover still waits for what goes on here. */
export function isFinishing({ handover }: ConversationState): boolean {
  return handover === 'finishing' || handover === 'overdue';
}

/** Whether a new turn cuts the running reply; one that a handover waits for goes on. */
export function interrupts(
  state: ConversationState,
  turn: Turn,
  policy: ConversationPolicy,
): boolean {
  const mayCut = policy.newTurnWhileReplying === 'interrupt' && state.phase === 'open';
  return mayCut && !isFinishing(state) && !isTooSlow(state.reply, turn);
}

/**
 * Whoever goes on faster than the model begins would never be answered. A reply that is held is not slow:
 * it waits for whoever speaks.
 */
function isTooSlow(reply: Reply, { at }: Turn): boolean {
  if (reply.kind !== 'thinking' || reply.held !== undefined) return false;
  return reply.answers.some(({ since }) => at - since > PATIENCE_MS);
}

/** Whether a reply may start now. */
export function mayReply(state: ConversationState): boolean {
  return (
    state.phase === 'open' &&
    state.link === 'up' &&
    !isFinishing(state) &&
    state.reply.kind === 'none' &&
    (state.lines.length > 0 || state.pending.some((turn) => mayAnswer(state, turn)))
  );
}

/** Made at once, it would be spoken over whoever has just cut it. */
function mayAnswer({ voices }: ConversationState, { waitsFor }: OwedTurn): boolean {
  return waitsFor === undefined || !voices.has(waitsFor);
}

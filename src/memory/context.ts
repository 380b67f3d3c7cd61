import type { Turn } from '../conversation/events.ts';

/** One message of a session's memory; ids are unique within the session. */
export type ContextMessage = UserMessage | AssistantMessage | SummaryMessage;

/** A committed turn of a human. */
export interface UserMessage {
  readonly role: 'user';
  /** The chat message's id, or one made for the turn. */
  readonly id: string;
  /** The speaker's identity in the room. */
  readonly speaker: string;
  readonly name: string;
  readonly text: string;
  /** Ms since 1970. */
  readonly at: number;
  /** Whether the bot owes an answer: an addressed turn that nobody answered is answered after a takeover. */
  readonly addressed: boolean;
}

/** What was heard of a reply. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly id: string;
  /** The model's own text, markdown included, cut where the room stopped hearing it. */
  readonly text: string;
  readonly at: number;
  /** Ids of the user messages that it answers. */
  readonly answers: readonly string[];
  readonly ended: 'finished' | 'interrupted' | 'failed';
}

/** Stands for older messages that were taken out to keep the context within its budget. */
export interface SummaryMessage {
  readonly role: 'summary';
  readonly id: string;
  readonly text: string;
  readonly at: number;
}

/** A turn as the memory keeps it, finished at `at`. */
export function toUserMessage(
  { id, speaker, name, text, addressed }: Omit<Turn, 'at'>,
  at: number,
): UserMessage {
  return { role: 'user', id, speaker, name, text, at, addressed };
}

/**
 * The turns of humans that the bot owes an answer, oldest first. Whoever takes a talk over answers
 * them.
 */
export function unansweredOf(messages: readonly ContextMessage[]): readonly UserMessage[] {
  const answered = new Set(
    messages.flatMap((one) => (one.role === 'assistant' ? one.answers : [])),
  );
  return messages.filter(
    (one): one is UserMessage => one.role === 'user' && one.addressed && !answered.has(one.id),
  );
}

/** Ids of the turns among them, oldest first. */
export function turnIdsOf(messages: readonly ContextMessage[]): readonly string[] {
  return messages.flatMap((one) => (one.role === 'user' ? [one.id] : []));
}

/** Those of `more` that `messages` lacks. */
export function lackedBy(
  messages: readonly ContextMessage[],
  more: readonly ContextMessage[],
): readonly ContextMessage[] {
  const known = new Set(messages.map(({ id }) => id));
  return more.filter(({ id }) => !known.has(id));
}

/** `messages` without a debt: a talk that was left is owed no answer when somebody comes again. */
export function owingNothing(messages: readonly ContextMessage[]): readonly ContextMessage[] {
  const owed = new Set<string>(unansweredOf(messages).map(({ id }) => id));
  return messages.map((one) =>
    one.role === 'user' && owed.has(one.id) ? { ...one, addressed: false } : one,
  );
}

/** About four characters a token in English, one in Japanese: a bound, not a bill. */
export function estimateTokens(text: string): number {
  const wide = text.match(/[\u3000-\u9FFF\uAC00-\uD7AF]/g)?.length ?? 0;
  return Math.ceil((text.length - wide) / 4 + wide);
}

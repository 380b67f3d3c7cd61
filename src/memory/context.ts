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

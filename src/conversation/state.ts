import type { Addressing } from '../character/character.ts';
import type { AgentState, Person, ReplyId, Turn, TurnId } from './events.ts';

/**
 * The conversation is a product of small machines, not one enum:
 *
 * - `phase`: arriving -> open -> leaving. Arriving commits turns but answers none; leaving drops all.
 * - `floors`: one per speaker, quiet -> settling -> quiet. A settling speaker may still go on; a
 *   `chat-settle` timer always runs while anybody settles.
 * - `reply`: none -> thinking -> speaking -> none. At most one; every started reply is committed
 *   once, by its end or by its cancellation, whichever the core hears first.
 * - `pending`: committed turns that are owed an answer, oldest first. The end of a reply looks here.
 */
export interface ConversationState {
  readonly phase: 'arriving' | 'open' | 'leaving';
  readonly people: ReadonlyMap<string, Person>;
  readonly floors: ReadonlyMap<string, Floor>;
  readonly reply: Reply;
  readonly pending: readonly Turn[];
  readonly handover: 'none' | 'finishing' | 'ready';
  readonly link: 'up' | 'down';
  /** Ids of recent turns, oldest first, bounded: a client sends each line on two wires. */
  readonly recentTurnIds: readonly TurnId[];
  readonly shownState: AgentState;
  /** Whether this bot's joined line was asked for. */
  readonly joinedSaid: boolean;
  readonly lastActivityAt: number;
  readonly timers: ReadonlyMap<string, number>;
  /** The last ids given; they only grow. */
  readonly lastReplyId: ReplyId;
  readonly lastTimerId: number;
}

/** Where one speaker stands. */
export type Floor =
  | { readonly kind: 'quiet' }
  | { readonly kind: 'settling'; readonly turnId: TurnId; readonly texts: readonly string[] };

/** The bot's reply. `heard` is the model's own text as far as it got into the room. */
export type Reply =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'thinking' | 'speaking';
      readonly replyId: ReplyId;
      readonly answers: readonly TurnId[];
      readonly heard: string;
      readonly startedAt: number;
    };

/** The rules of a room, fixed for its time. */
export interface ConversationPolicy {
  readonly botName: string;
  readonly hasGreeting: boolean;
  readonly addressing: Addressing;
  /** Leave after this long without chat, speech or reply; 0: never. */
  readonly idleTimeoutMs: number;
  /** How long the last human may be away before the bot leaves. */
  readonly departureGraceMs: number;
  /** `last-human`, or the stricter old rule that any human's leaving ends the talk. */
  readonly leaveWhen: 'last-human' | 'any-human';
  /** How long a chat line waits for the speaker's next one to become one turn; 0: not at all. */
  readonly chatSettleMs: number;
  /** What a new turn does to a running text reply. */
  readonly newTurnWhileReplying: 'queue' | 'interrupt';
  /** Most committed turns that may wait for an answer; beyond it a speaker's lines are dropped. */
  readonly maxPending: number;
  /** How long a reply may go on once a handover was asked for. */
  readonly handoverReplyMs: number;
}

import type { Addressing } from '../character/character.ts';
import type { LeaveReason } from '../worker/bot.ts';
import type { AgentState, Person, ReplyId, TimerName, TurnId } from './events.ts';

/**
 * The conversation is a product of small machines, not one enum:
 *
 * - `phase`: arriving -> open -> leaving. Arriving commits turns but answers none; leaving cuts the
 *   reply, waits for its end, says `leave` once and drops all that comes.
 * - `floors`: one per speaker, quiet -> settling -> quiet. A settling speaker may still go on; a
 *   `chat-settle` timer always runs while anybody settles.
 * - `reply`: none -> thinking -> speaking -> none. At most one. Only its end commits it, once; a cut
 *   reply is `stopping` until that end comes, at the latest with the `reply-cut` timer.
 * - `pending`: committed turns that are owed an answer, oldest first. A reply takes them all; a
 *   reply that is cut before anything was heard gives its own back.
 * - `handover`: none -> finishing -> ready. While finishing no reply starts.
 *
 * What follows from where these stand is not decided by the event that moved them but after each
 * event (`proceed.ts`): which reply starts, what the room is shown, which timers run.
 */
export interface ConversationState {
  readonly phase: 'arriving' | 'open' | 'leaving';
  /** Why we leave, from the decision until `leave` is said. */
  readonly pendingLeave: LeaveReason | undefined;
  readonly people: ReadonlyMap<string, Person>;
  /** Humans whose absence counts, by identity, and since when. */
  readonly absentSince: ReadonlyMap<string, number>;
  /** By speaker; one without an entry is quiet. */
  readonly floors: ReadonlyMap<string, Floor>;
  readonly reply: Reply;
  readonly pending: readonly TurnId[];
  readonly handover: 'none' | 'finishing' | 'ready';
  readonly link: 'up' | 'down';
  /** Ids of recent turns, oldest first, bounded: a client sends each line on two wires. */
  readonly recentTurnIds: readonly TurnId[];
  readonly shownState: AgentState;
  /** Whether this bot's joined line was asked for. */
  readonly joinedSaid: boolean;
  /** When a human last came or wrote, or a reply ended. */
  readonly lastActivityAt: number;
  readonly timers: ReadonlyMap<TimerName, RunningTimer>;
  /** The last ids given; they only grow. */
  readonly lastReplyId: ReplyId;
  readonly lastTimerId: number;
}

/** A speaker whose lines may still become one turn. */
export interface Floor {
  readonly kind: 'settling';
  /** The id of the first line. */
  readonly turnId: TurnId;
  readonly speaker: Person;
  readonly texts: readonly string[];
  /** When the last line came. */
  readonly lastLineAt: number;
}

/** The bot's reply. */
export type Reply = { readonly kind: 'none' } | LiveReply;

/** A reply at work; `speaking` once anything of it is in the room. */
export interface LiveReply {
  readonly kind: 'thinking' | 'speaking';
  readonly replyId: ReplyId;
  readonly answers: readonly TurnId[];
  /** The model's own text as far as it got into the room. */
  readonly heard: string;
  /** Cancelled: only its end is waited for. */
  readonly stopping: boolean;
}

/** A timer of the shell. */
export interface RunningTimer {
  readonly timerId: number;
  readonly dueAt: number;
}

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
  /** Most turns that may wait for something to be heard; a turn beyond it is dropped. */
  readonly maxPending: number;
  /** How long a reply may go on once a handover was asked for. */
  readonly handoverReplyMs: number;
}

/** A conversation at its beginning, by the monotonic time `at`. */
export function initialState(at: number): ConversationState {
  return {
    phase: 'arriving',
    pendingLeave: undefined,
    people: new Map(),
    absentSince: new Map(),
    floors: new Map(),
    reply: { kind: 'none' },
    pending: [],
    handover: 'none',
    link: 'up',
    recentTurnIds: [],
    shownState: 'initializing',
    joinedSaid: false,
    lastActivityAt: at,
    timers: new Map(),
    lastReplyId: 0,
    lastTimerId: 0,
  };
}

import type { Addressing } from '../character/character.ts';
import type { LeaveReason } from '../ports/bot.ts';
import type { AgentState, Person, ReplyId, SpokenLine, TimerName, Turn, TurnId } from './events.ts';
import type { SpeakerHabits, VoiceFloor } from './voices.ts';

/**
 * The conversation is a product of small machines, not one enum:
 *
 * - `phase`: arriving -> open -> leaving. Arriving commits turns but answers none; leaving cuts the
 *   reply, waits for its end and, where the link is gone, half a second for the words that were on
 *   their way, says `leave` once and drops all else that comes.
 * - `floors`: one per writer, quiet -> settling -> quiet. A settling one may still go on; a
 *   `chat-settle` timer always runs while anybody settles.
 * - `voices`: one per speaker, quiet -> speaking -> pausing -> waiting -> quiet (`voices.ts`). The ears
 *   count the silence; a `words-due` timer runs beside them, should they fail to.
 * - `reply`: none -> thinking -> speaking -> none. At most one. Only its end commits it, once; a cut
 *   reply is `stopping` until that end comes, at the latest with the `reply-cut` timer. It is `held`
 *   while somebody may be interrupting it, or speaks before it could begin; a `hold` timer runs.
 * - `draft`: a reply to what somebody seems to have said. At most one, and only while no reply runs;
 *   their turn makes it the reply, or it is cancelled.
 * - `lines`: fixed lines that wait to be spoken; they come before answers.
 * - `pending`: committed turns that are owed an answer, oldest first. A reply takes them all; a
 *   reply that is cut before a word was heard gives its own back, and who cut it by speaking finishes
 *   before they are answered. New turns cut it so for some seconds; then it is let begin.
 * - `handover`: none -> finishing (-> overdue) -> ready. Until it is ready no reply starts; it waits for
 *   the reply and for those who speak, once overdue for nothing but the end of a reply that was cut.
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
  /** By speaker; one without an entry is quiet. */
  readonly voices: ReadonlyMap<string, VoiceFloor>;
  readonly habits: ReadonlyMap<string, SpeakerHabits>;
  readonly reply: Reply;
  readonly draft: Draft | undefined;
  readonly lines: readonly SpokenLine[];
  readonly pending: readonly OwedTurn[];
  readonly handover: 'none' | 'finishing' | 'overdue' | 'ready';
  readonly link: 'up' | 'down';
  /** Ids of recent turns, oldest first, bounded: a client sends each line on two wires. */
  readonly recentTurnIds: readonly TurnId[];
  readonly shownState: AgentState;
  /** Whether this bot's joined line was asked for. */
  readonly joinedSaid: boolean;
  /** Whether the room was told that we cannot hear somebody, and nobody was understood since. */
  readonly deafnessSaid: boolean;
  /** What was last heard of the bot, newest last: a microphone may give it back. */
  readonly ownWords: readonly TimedText[];
  /** What was last said by microphone, newest last: two of them may hear one person. */
  readonly spokenTurns: readonly TimedText[];
  /** Whom the bot answered last, and when it had, by `event.at`. */
  readonly lastAnswer: { readonly speakers: readonly string[]; readonly at: number } | undefined;
  /** How long the bot has been heard in this session, without the reply that runs, in ms. */
  readonly spokenMs: number;
  /** When a human last came, wrote or spoke, or a reply ended. */
  readonly lastActivityAt: number;
  readonly timers: ReadonlyMap<TimerName, RunningTimer>;
  /** The last ids given; they only grow. */
  readonly lastReplyId: ReplyId;
  readonly lastTimerId: number;
  readonly lastVoiceId: number;
  readonly lastWatchId: number;
}

/** A committed turn that is owed an answer, whose it is, and since when by `event.at`. */
export interface OwedTurn extends Pick<Turn, 'id' | 'speaker'> {
  readonly since: number;
  /** Who cut its reply on the first sound by speaking: the next one waits until they have finished. */
  readonly waitsFor?: string;
}

/** Words, whose, and when by `event.at`. */
export interface TimedText {
  readonly speaker: string;
  readonly text: string;
  readonly at: number;
}

/** A writer whose lines may still become one turn. */
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
  readonly answers: readonly OwedTurn[];
  /** A fixed line instead of an answer. */
  readonly line: SpokenLine | undefined;
  /** The model's own text as far as it got into the room. */
  readonly heard: string;
  /** Since when it is heard, by `event.at`. */
  readonly audibleAt?: number;
  /** Cancelled: only its end is waited for. */
  readonly stopping: boolean;
  /** Who cut it by speaking. */
  readonly cutBy?: string;
  /** Silent for the time being: for whom, and since when. */
  readonly held: { readonly by: string; readonly at: number } | undefined;
}

/** A reply that nobody may hear yet. */
export interface Draft {
  readonly replyId: ReplyId;
  /** The turn that it is for, should the speaker have finished, and its words as they compare. */
  readonly turnId: TurnId;
  readonly words: string;
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
  /** What a new turn does to a running reply. */
  readonly newTurnWhileReplying: 'queue' | 'interrupt';
  /** What a cut path does to a running reply: what is written waits, what is spoken is lost. */
  readonly linkLostWhileReplying: 'wait' | 'cut';
  /** Most turns that may wait for something to be heard; a turn beyond it is dropped. */
  readonly maxPending: number;
  /** How long after its answer a question of whom it answered is for the bot, unnamed. */
  readonly followUpMs: number;
  /** How long replies and speakers may go on once a handover was asked for. */
  readonly handoverReplyMs: number;
  readonly speech: SpeechPolicy;
  /** Begins the ids of turns spoken here: unique among all bots that the session ever had. */
  readonly voiceIds: string;
}

/** How speakers are listened to. */
export interface SpeechPolicy {
  /** Shortest and longest silence that ends a turn, in ms. */
  readonly minSilenceMs: number;
  readonly maxSilenceMs: number;
  /** How long words are waited for after that; then those that there are must do. */
  readonly finalWaitMs: number;
  /** Longest speech without an end, in ms: a microphone in a machine room. */
  readonly maxSpeechMs: number;
  /** How long a reply that was begun is held for nothing but sound. */
  readonly holdMs: number;
  /** How long a reply that could begin waits for somebody who speaks. */
  readonly yieldMs: number;
  /** For so long from its first sound on, the bot is silenced by words alone: it may hear itself. */
  readonly echoGuardMs: number;
  /** Words by which somebody whom the reply does not answer silences it. */
  readonly strangerWords: number;
  /** Replies that may be begun before a turn is certain, for each turn; 0: none. */
  readonly draftsPerTurn: number;
}

/** A conversation at its beginning, by the monotonic time `at`. */
export function initialState(at: number): ConversationState {
  return {
    phase: 'arriving',
    pendingLeave: undefined,
    people: new Map(),
    absentSince: new Map(),
    floors: new Map(),
    voices: new Map(),
    habits: new Map(),
    reply: { kind: 'none' },
    draft: undefined,
    lines: [],
    pending: [],
    handover: 'none',
    link: 'up',
    recentTurnIds: [],
    shownState: 'initializing',
    joinedSaid: false,
    deafnessSaid: false,
    ownWords: [],
    spokenTurns: [],
    lastAnswer: undefined,
    spokenMs: 0,
    lastActivityAt: at,
    timers: new Map(),
    lastReplyId: 0,
    lastTimerId: 0,
    lastVoiceId: 0,
    lastWatchId: 0,
  };
}

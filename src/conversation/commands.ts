import type { LeaveReason } from '../ports/bot.ts';
import type {
  AgentState,
  ReplyEnd,
  ReplyId,
  SpokenLine,
  SpokenTurn,
  TimerName,
  Turn,
  TurnId,
} from './events.ts';

/** Fixed lines; their words by language are the character's (`character/phrases`). */
export type FixedLine = 'joined' | 'idle' | 'text-only' | 'cannot-hear' | SpokenLine;

/** Why a turn was not taken. */
export type DropReason =
  | 'repeated'
  | 'flood'
  | 'not-human'
  | 'leaving'
  /** Words of a turn that was committed without them. */
  | 'already-committed'
  /** The bot's own words, heard by somebody's microphone. */
  | 'echo'
  /** A short sign of attention while the bot speaks. */
  | 'backchannel';

/** Why a reply was cancelled. */
export type CancelReason =
  | 'new-turn'
  | 'barge-in'
  | 'link-lost'
  | 'handover'
  | 'leaving'
  | 'mode-switch'
  /** The draft answers what was not said, or not to us. */
  | 'draft-void';

/** What the core wants done, in the imperative; the shell runs them in order, none is awaited. */
export type Command =
  /** Append to the context and save; `turn.addressed` says whether an answer is owed. */
  | { readonly type: 'commit-turn'; readonly turn: Turn }
  | { readonly type: 'drop-turn'; readonly turnId: TurnId; readonly reason: DropReason }
  /** Answer these committed turns, oldest first, or say this line. */
  | {
      readonly type: 'start-reply';
      readonly replyId: ReplyId;
      readonly answers: readonly TurnId[];
      readonly line: SpokenLine | undefined;
    }
  /** Make the reply to what looks like a turn; nothing of it may reach the room yet. */
  | { readonly type: 'draft-reply'; readonly replyId: ReplyId; readonly turn: Turn }
  /** The turn is as it looked: what was a draft is its reply. */
  | { readonly type: 'release-reply'; readonly replyId: ReplyId }
  | { readonly type: 'cancel-reply'; readonly replyId: ReplyId; readonly reason: CancelReason }
  /**
   * Append what was heard (the model's own text; empty: nothing was) and save. `answers` is empty
   * where the reply was cut before anything was heard: its turns are still owed an answer.
   */
  | {
      readonly type: 'commit-reply';
      readonly replyId: ReplyId;
      readonly answers: readonly TurnId[];
      readonly heard: string;
      readonly end: ReplyEnd;
    }
  /** The voice falls silent at once, and can go on where it was. */
  | { readonly type: 'hold-playout'; readonly replyId: ReplyId }
  | { readonly type: 'resume-playout'; readonly replyId: ReplyId }
  /** Tell by `silence-reached` when this speaker has been silent for so long since speech stopped. */
  | {
      readonly type: 'watch-silence';
      readonly identity: string;
      readonly watchId: number;
      readonly silenceMs: number;
    }
  /** What a speaker is saying, as it is to be read; of one id the last one counts. */
  | ({ readonly type: 'show-transcript' } & SpokenTurn)
  /** Write this line into the room. */
  | { readonly type: 'say'; readonly line: FixedLine }
  | { readonly type: 'show-agent-state'; readonly state: AgentState }
  | {
      readonly type: 'start-timer';
      readonly timer: TimerName;
      readonly timerId: number;
      readonly delayMs: number;
    }
  | { readonly type: 'stop-timer'; readonly timer: TimerName }
  /** No reply is running: the worker may send the successor. */
  | { readonly type: 'report-handover-ready' }
  | { readonly type: 'leave'; readonly reason: LeaveReason };

/** What the shell leaves to the room; timers it runs itself. */
export type RoomCommand = Exclude<Command, { readonly type: 'start-timer' | 'stop-timer' }>;

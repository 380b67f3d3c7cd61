import type { LeaveReason } from '../ports/bot.ts';
import type {
  AgentState,
  ReplyEnd,
  ReplyId,
  SpokenTurn,
  TimerName,
  Turn,
  TurnId,
} from './events.ts';

/** Fixed lines; their words by language are the character's (`character/phrases`). */
export type FixedLine = 'joined' | 'greeting' | 'idle' | 'apology';

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
export type CancelReason = 'new-turn' | 'barge-in' | 'link-lost' | 'handover' | 'leaving';

/** What the core wants done, in the imperative; the shell runs them in order, none is awaited. */
export type Command =
  /** Append to the context and save; `turn.addressed` says whether an answer is owed. */
  | { readonly type: 'commit-turn'; readonly turn: Turn }
  | { readonly type: 'drop-turn'; readonly turnId: TurnId; readonly reason: DropReason }
  /** Answer these committed turns, oldest first. */
  | {
      readonly type: 'start-reply';
      readonly replyId: ReplyId;
      readonly answers: readonly TurnId[];
    }
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

/** A participant of the room other than ourselves. */
export interface Person {
  readonly identity: string;
  /** Display name; the identity where there is none. */
  readonly name: string;
  /** Agents, egress, ingress and the like are `bot`: they are never answered and hold no room open. */
  readonly kind: 'human' | 'bot';
}

/** What `lk.agent.state` may say. */
export type AgentState = 'initializing' | 'listening' | 'thinking' | 'speaking';

export type TurnId = string;
/** Grows by one with each reply of a room; never reused. */
export type ReplyId = number;

/** One finished contribution of a speaker. */
export interface Turn {
  readonly id: TurnId;
  /** Identity of the speaker. */
  readonly speaker: string;
  readonly name: string;
  readonly text: string;
  /** When it was finished, by `event.at`. */
  readonly at: number;
  /** Whether the bot owes an answer. */
  readonly addressed: boolean;
}

/** What somebody is saying, as far as it was understood. */
export interface SpokenTurn {
  readonly turnId: TurnId;
  /** Identity of the speaker. */
  readonly speaker: string;
  readonly text: string;
  /** Nothing more comes of this turn. */
  readonly final: boolean;
}

/** A piece of a reply as the room gets it. */
export interface SpokenText {
  /** As shown or spoken: no markdown, no symbols. */
  readonly text: string;
  /** The model's own text that it stands for; the pieces of a reply concatenate to the whole. */
  readonly original: string;
}

/** The core's timers; each name runs at most once at a time. */
export type TimerName =
  | 'chat-settle'
  | 'idle'
  | 'departure-grace'
  | 'handover-reply'
  | 'reply-cut'
  /** We leave, and what was said into microphones that are gone is still to come. */
  | 'last-words'
  /** Speech is over, as far as the ears have told, and its words are still to come. */
  | 'words-due'
  /** The reply is held and nobody has said why. */
  | 'hold';

/** Fixed lines that the character speaks, as a reply of its own. */
export type SpokenLine = 'greeting' | 'apology';

/** How a reply ended. */
export type ReplyEnd = 'finished' | 'interrupted' | 'failed';

/**
 * Everything that can happen to a conversation, in the past tense, whoever says it (ears, mouth,
 * timers, worker). `at` is the only time that the core knows: monotonic ms of the process.
 */
export type ConversationEvent = { readonly at: number } & EventBody;

/** The event of one type. */
export type EventOf<T extends ConversationEvent['type']> = Extract<
  ConversationEvent,
  { readonly type: T }
>;

/** An event before the shell stamps it. */
export type EventBody =
  /**
   * We are in the room and the memory is whole: until this event nothing is answered. `unanswered`
   * are committed turns of a former bot of this session that nobody answered, oldest first.
   * Those already there are posted as `person-joined` before it, so that a line that comes while
   * we arrive is judged by who is there. Comes once; a rejoined link is `link-restored`.
   */
  | {
      readonly type: 'room-opened';
      readonly people: readonly Person[];
      readonly unanswered: readonly Turn[];
    }
  /**
   * These turns are remembered of a talk that goes on: a line that its sender sends again, not knowing who
   * got it, is no new one. Comes before the first line, and again with what a former bot could not save.
   */
  | { readonly type: 'turns-remembered'; readonly turnIds: readonly TurnId[] }
  /** The joined line is said, and was ours to say: no bot had been here since the start. */
  | { readonly type: 'joined-said' }
  /** Another mode hears and answers from now on, under rules that may differ. */
  | { readonly type: 'mode-switched' }
  | { readonly type: 'person-joined'; readonly person: Person }
  | { readonly type: 'person-left'; readonly identity: string }
  /** `id` is unique in the session; the text is bounded and not empty. */
  | {
      readonly type: 'chat-received';
      readonly id: string;
      readonly person: Person;
      readonly text: string;
    }
  /**
   * Speech began, or went on after a silence. Audio times of this and the following events are ms of
   * that speaker's own sound, counted by its samples, so they go on growing over muted spells and new
   * microphones.
   */
  | {
      readonly type: 'speech-started';
      readonly person: Person;
      readonly audioFrom: number;
    }
  /** The speech that began has lasted for as long as an interruption must. */
  | { readonly type: 'speech-sustained'; readonly identity: string }
  /** Silence since `audioTo`. */
  | { readonly type: 'speech-stopped'; readonly identity: string; readonly audioTo: number }
  /** The silence has become as long as `watch-silence` asked. */
  | {
      readonly type: 'silence-reached';
      readonly identity: string;
      readonly watchId: number;
    }
  /** Words so far that may still change (`final` false; each replaces the one before), or that stay. */
  | {
      readonly type: 'words-heard';
      readonly person: Person;
      readonly text: string;
      readonly final: boolean;
      readonly audioFrom: number;
      readonly audioTo: number;
    }
  /** The final was too unsure to count: its interim is void. */
  | { readonly type: 'words-dropped'; readonly identity: string }
  /** They spoke for long and no word came, or what tells speech from noise has failed. */
  | { readonly type: 'unheard'; readonly identity: string }
  /** Muted, unpublished or gone, and what was said till then has been transcribed. */
  | { readonly type: 'microphone-silent'; readonly identity: string }
  /** The path to the room is cut: nobody is taken for gone, and no reply starts. */
  | { readonly type: 'link-lost' }
  /** The path is whole again; who is missing from `people` counts as gone from now on. */
  | { readonly type: 'link-restored'; readonly people: readonly Person[] }
  /** The first piece of the reply is in the room. */
  | { readonly type: 'reply-audible'; readonly replyId: ReplyId }
  /** One more piece was heard. */
  | { readonly type: 'reply-progress'; readonly replyId: ReplyId; readonly piece: SpokenText }
  | {
      readonly type: 'reply-ended';
      readonly replyId: ReplyId;
      readonly end: ReplyEnd;
    }
  | { readonly type: 'timer-fired'; readonly timer: TimerName; readonly timerId: number }
  /** The worker hands the room over: finish or cut the reply, then say so. */
  | { readonly type: 'handover-requested' }
  /** The handover did not happen, or we were called back: go on as before. */
  | { readonly type: 'handover-withdrawn' }
  | { readonly type: 'leave-requested'; readonly reason: 'room-deleted' | 'removed' | 'stopped' };

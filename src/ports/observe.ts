import type { LeaveReason, ModeName } from './bot.ts';
import type { Arrival } from './lease-table.ts';
import type { ProviderCall } from './meter.ts';

/** Which talk an observation is about. */
export interface Subject {
  readonly room?: string;
  readonly session?: string;
  readonly epoch?: number;
}

/** How a turn came. */
export type TurnChannel = 'chat' | 'speech';

/**
 * When a spoken reply came to what, in ms since 1970. `voiced`: the last voiced sample of its turn. The
 * model and the voice are asked before `decided` where the reply was drafted.
 */
export interface ReplyMoments {
  readonly voiced: number | undefined;
  readonly final: number | undefined;
  readonly committed: number | undefined;
  readonly decided: number | undefined;
  readonly modelAsked: number | undefined;
  readonly voiceAsked: number | undefined;
  readonly audible: number | undefined;
  readonly ended: number;
}

/**
 * What the product tells about itself: a closed set of facts, never text that was spoken or
 * written. Log lines, metrics and traces are made of them in `ops/` only. `error` is whatever was
 * caught.
 */
export type Observation = Subject & ObservationBody;

export type ObservationBody =
  // queue and lease
  | {
      readonly type: 'activation-received';
      readonly messageId: string;
      readonly receiveCount: number;
      /** How long it has been in the queue, by two clocks. */
      readonly ageMs: number;
    }
  | {
      readonly type: 'activation-settled';
      readonly how: string;
      readonly detail?: string;
      readonly messageId: string;
    }
  | { readonly type: 'queue-failed'; readonly doing: string; readonly error: unknown }
  | { readonly type: 'receiving-paused'; readonly why: string }
  | { readonly type: 'receiving-resumed' }
  | { readonly type: 'beaten'; readonly leases: number }
  | { readonly type: 'beat-failed'; readonly error?: unknown }
  | { readonly type: 'lease-lost'; readonly why: string }
  | {
      readonly type: 'bot-started';
      readonly arrival: Arrival;
      /** How often the room was handed over before. */
      readonly generation: number;
    }
  | {
      readonly type: 'bot-ended';
      readonly how: string;
      readonly reason?: LeaveReason;
      readonly error?: unknown;
      /** Bots that still run in this worker. */
      readonly running: number;
    }
  | {
      readonly type: 'handover-sent';
      /** The successor's. */
      readonly generation: number;
      readonly tookMs: number;
    }
  | { readonly type: 'handover-failed'; readonly error: unknown }
  | { readonly type: 'drain-started'; readonly running: number }
  | { readonly type: 'drain-ended'; readonly running: number; readonly forced: boolean }
  // room
  | {
      readonly type: 'room-joined';
      readonly mode: ModeName;
      readonly arrival: Arrival;
      /** Since the bot was started. */
      readonly tookMs: number;
      /** Since the message was received, where there was one. */
      readonly sinceReceiptMs?: number;
      readonly people: number;
    }
  | { readonly type: 'room-rejoining'; readonly attempt: number; readonly why: string }
  | { readonly type: 'mode-switched'; readonly mode: string }
  | { readonly type: 'link-lost' }
  | { readonly type: 'link-restored' }
  | { readonly type: 'chat-refused'; readonly reason: string; readonly wire?: string }
  | {
      readonly type: 'turn-dropped';
      readonly turnId: string;
      readonly channel: TurnChannel;
      readonly reason: string;
    }
  | {
      readonly type: 'turn-committed';
      readonly turnId: string;
      readonly channel: TurnChannel;
      readonly addressed: boolean;
      /** In ms since 1970. */
      readonly at: number;
    }
  | { readonly type: 'reply-held' }
  /** Whoever seemed to interrupt did not: a cough, a "mhm", a noise. */
  | { readonly type: 'reply-resumed' }
  | { readonly type: 'reply-cancelled'; readonly reason: string }
  /** A reply to a turn is over; one without was to nobody. */
  | {
      readonly type: 'reply-finished';
      readonly turnId?: string;
      readonly channel?: TurnChannel;
      readonly end: string;
      /** In ms since 1970. */
      readonly at: number;
      readonly firstTokenMs?: number;
      readonly firstSegmentMs?: number;
      readonly durationMs: number;
    }
  /**
   * A reply to be heard is over. Where its turn was spoken, from the last voiced sample in: to its
   * commit, its last final, and the first voiced frame out (`whole`). From the model's request: to its
   * first token, and to the first chunk for the voice. From the voice's request to its first sound, and
   * from that, or from the decision to speak, to the first frame out. `own`: from that decision to the
   * first frame, less the model's time for the chunk and the voice's for the sound; not of a draft,
   * which was made before.
   */
  | {
      readonly type: 'reply-timed';
      readonly turnId?: string;
      readonly drafted: boolean;
      readonly endpointMs: number | undefined;
      readonly finalMs: number | undefined;
      readonly llmMs: number | undefined;
      readonly chunkMs: number | undefined;
      readonly ttsMs: number | undefined;
      readonly frameMs: number | undefined;
      readonly ownMs: number | undefined;
      readonly wholeMs: number | undefined;
      readonly moments: ReplyMoments;
    }
  /** What one call of a provider took; `turnId` where it was for the reply to a turn. */
  | ({ readonly type: 'usage'; readonly turnId?: string } & ProviderCall)
  | {
      readonly type: 'provider-failed';
      readonly provider: string;
      readonly error: unknown;
      /** It is asked again after so long. */
      readonly retryInMs?: number;
    }
  /**
   * It failed again and again and is left alone for so long: its breaker is open. Told anew when the
   * probe after that failed too.
   */
  | { readonly type: 'provider-paused'; readonly provider: string; readonly forMs: number }
  | { readonly type: 'provider-restored'; readonly provider: string }
  /** `provider` serves what `from` could not. */
  | { readonly type: 'provider-fallback'; readonly provider: string; readonly from: string }
  /** It refused our key and is not asked again: somebody has to do something. */
  | { readonly type: 'provider-off'; readonly provider: string; readonly error: unknown }
  | { readonly type: 'publish-failed'; readonly what: string; readonly error: unknown }
  // memory
  | { readonly type: 'context-saved'; readonly version: number; readonly lagMs: number }
  | { readonly type: 'context-save-failed'; readonly error: unknown }
  | { readonly type: 'context-compacted'; readonly removed: number }
  | { readonly type: 'inbox-failed'; readonly error: unknown }
  // recordings
  /** `how`: with the talk, or cut before its end. */
  | {
      readonly type: 'recording-ended';
      readonly file: string;
      readonly how: string;
      readonly events: number;
    }
  /** The rest of this talk is not recorded. */
  | { readonly type: 'recording-failed'; readonly file: string; readonly error: unknown }
  /** They were too old or too many. */
  | { readonly type: 'recordings-deleted'; readonly files: number; readonly bytes: number }
  /** So many files, where that is known, are kept longer than they should be. */
  | {
      readonly type: 'recordings-not-deleted';
      readonly files: number | undefined;
      readonly error: unknown;
    }
  // cost
  | { readonly type: 'usage-save-failed'; readonly kept: number; readonly error: unknown }
  /** What so many calls of providers took is told nowhere but in the log. */
  | { readonly type: 'usage-lost'; readonly count: number }
  // gateway
  | { readonly type: 'session-opened'; readonly tookMs: number }
  | { readonly type: 'session-left-behind'; readonly error: unknown }
  | {
      readonly type: 'request-failed';
      readonly route: string;
      readonly status: number;
      readonly error: unknown;
    }
  // process
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'warning'; readonly what: string; readonly detail?: string }
  | { readonly type: 'unexpected-error'; readonly error: unknown };

/** Where observations go; never throws, never waits. */
export type Observe = (observation: Observation) => void;

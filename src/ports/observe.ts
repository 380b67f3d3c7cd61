import type { LeaveReason } from './bot.ts';
import type { ProviderCall } from './meter.ts';

/** Which talk an observation is about. */
export interface Subject {
  readonly room?: string;
  readonly session?: string;
  readonly epoch?: number;
}

/**
 * What the product tells about itself: a closed set of facts, never text that was spoken or
 * written. Log lines (and later metrics) are made of them in `ops/observe` only. `error` is whatever
 * was caught.
 */
export type Observation = Subject & ObservationBody;

export type ObservationBody =
  // queue and lease
  | {
      readonly type: 'activation-received';
      readonly messageId: string;
      readonly receiveCount: number;
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
  | { readonly type: 'beat-failed'; readonly error?: unknown }
  | { readonly type: 'lease-lost'; readonly why: string }
  | { readonly type: 'bot-started'; readonly arrival: string }
  | {
      readonly type: 'bot-ended';
      readonly how: string;
      readonly reason?: LeaveReason;
      readonly error?: unknown;
      /** Bots that still run in this worker. */
      readonly running: number;
    }
  | { readonly type: 'handover-sent'; readonly generation: number }
  | { readonly type: 'handover-failed'; readonly error: unknown }
  | { readonly type: 'drain-started'; readonly running: number }
  | { readonly type: 'drain-ended'; readonly running: number; readonly forced: boolean }
  // room
  | { readonly type: 'room-joined'; readonly tookMs: number; readonly people: number }
  | { readonly type: 'room-rejoining'; readonly attempt: number; readonly why: string }
  | { readonly type: 'mode-switched'; readonly mode: string }
  | { readonly type: 'link-lost' }
  | { readonly type: 'link-restored' }
  | { readonly type: 'chat-refused'; readonly reason: string; readonly wire?: string }
  | { readonly type: 'turn-dropped'; readonly turnId: string; readonly reason: string }
  | { readonly type: 'turn-committed'; readonly turnId: string; readonly addressed: boolean }
  | {
      readonly type: 'reply-finished';
      readonly end: string;
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
      readonly drafted: boolean;
      readonly endpointMs: number | undefined;
      readonly finalMs: number | undefined;
      readonly llmMs: number | undefined;
      readonly chunkMs: number | undefined;
      readonly ttsMs: number | undefined;
      readonly frameMs: number | undefined;
      readonly ownMs: number | undefined;
      readonly wholeMs: number | undefined;
    }
  /** What one call of a provider took; `turnId` where it was for the reply to a turn. */
  | ({ readonly type: 'usage'; readonly turnId?: string } & ProviderCall)
  | { readonly type: 'provider-failed'; readonly provider: string; readonly error: unknown }
  /** It refused our key and is not asked again: somebody has to do something. */
  | { readonly type: 'provider-off'; readonly provider: string; readonly error: unknown }
  | { readonly type: 'publish-failed'; readonly what: string; readonly error: unknown }
  // memory
  | { readonly type: 'context-saved'; readonly version: number; readonly lagMs: number }
  | { readonly type: 'context-save-failed'; readonly error: unknown }
  | { readonly type: 'context-compacted'; readonly removed: number }
  | { readonly type: 'inbox-failed'; readonly error: unknown }
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

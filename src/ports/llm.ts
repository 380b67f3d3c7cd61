import type { Meter } from './meter.ts';

/** A chat message as models take it. */
export interface LlmMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** One completion. */
export interface LlmRequest {
  readonly model: string;
  readonly messages: readonly LlmMessage[];
  /** Upper bound of the answer, in tokens. */
  readonly maxTokens: number;
  /** Gets what it took, each attempt and provider by itself. */
  readonly meter?: Meter;
}

/** Tokens of one completion as billed; cost in US dollars where the provider says so. */
export interface LlmUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cost?: number;
}

/** What a completion streams: text, then how it finished; usage when the provider reports it. */
export type LlmEvent =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'usage'; readonly usage: LlmUsage }
  | { readonly type: 'finished'; readonly reason: 'stop' | 'length' | 'content-filter' };

/**
 * A language model. `stream` sends the request when first pulled, ends after `finished` (and usage),
 * and throws TroupeError of service `llm`: also when the stream ends without a finish reason. It
 * has no watchdog and retries nothing; aborting the signal closes the connection.
 */
export interface Llm {
  /** Under which what it does is told and counted: `openrouter`; of several the one that is asked first. */
  readonly name: string;
  stream(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent>;
  /** Somebody will want an answer soon: connects, if that is to do. Never rejects. */
  warmUp(): Promise<void>;
}

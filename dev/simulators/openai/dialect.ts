import type { Rejection, RejectionDetails } from './rejection.ts';

/** Where two providers of one protocol differ on the wire. */
export interface Dialect {
  /** OpenAI serves its own models and checks more; a router passes most things on. */
  readonly ownModels: boolean;
  /** Prefix of a completion's id. */
  readonly idPrefix: string;
  /** The media type of a stream, as the provider spells it. */
  readonly streamType: string;
  /** Headers of every answer to a completion. */
  headers(id: string): Readonly<Record<string, string>>;
  errorBody(details: RejectionDetails): object;
  readonly refusals: Refusals;
  frames(completion: Completion): Frames;
  /** The body of an answer that is not streamed. */
  whole(completion: Completion, text: string, reason: FinishReason, usage: Usage): object;
}

/** The refusals whose words differ. */
export interface Refusals {
  missingKey(): Rejection;
  wrongKey(key: string): Rejection;
  noCredits(): Rejection;
  forbidden(model: string): Rejection;
  unknownModel(model: string): Rejection;
  rateLimited(model: string, retryAfterMs: number): Rejection;
  serverError(status: number): Rejection;
}

/** What all chunks of one completion share. */
export interface Completion {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly includeUsage: boolean;
}

export type FinishReason = 'stop' | 'length' | 'content_filter';

/** Token counts as billed. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** The text of a stream's events, ready for the socket. */
export interface Frames {
  /** Comes with the headers. */
  readonly opening: string;
  delta(token: string): string;
  /** The finish reason, usage and the end mark. */
  ending(reason: FinishReason, usage: Usage): string;
  /** An error in the middle of the stream. */
  failure(): string;
}

/** One server-sent event. */
export function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** Ends every stream that was not broken. */
export const DONE = 'data: [DONE]\n\n';

/**
 * Writes delta chunks from a template that is serialized once: hundreds of streams then cost one
 * small string per token.
 */
export function deltaTemplate(chunk: (token: string) => object): (token: string) => string {
  const mark = '\u0000';
  const [before, after] = event(chunk(mark)).split(JSON.stringify(mark)) as [string, string];
  return (token) => before + JSON.stringify(token) + after;
}

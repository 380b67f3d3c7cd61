import type { Message } from './check-messages.ts';
import type { Usage } from './dialect.ts';
import type { Fault } from './settings.ts';

/** How a request ended: answered in full, refused, broken by a fault, or left by the client. */
export type Outcome = 'open' | 'completed' | 'rejected' | 'failed' | 'aborted';

/** One request for a completion; times are ms since 1970, with fractions. */
export interface ServedRequest {
  readonly id: string;
  readonly arrivedAt: number;
  firstTokenAt?: number;
  /** When the token went out that completes the first sentence. */
  firstSentenceAt?: number;
  endedAt?: number;
  model?: string;
  stream?: boolean;
  messageCount: number;
  /** Left out once later requests have used up the room for them. */
  messages?: readonly Message[];
  fault?: Fault['kind'];
  /** The HTTP status, once one was sent. */
  status?: number;
  outcome: Outcome;
  /** Billed: the prompt once tokens are made for it, and the tokens that went out. */
  promptTokens: number;
  completionTokens: number;
}

/** Everything served since the start or the last `forget`. */
export interface Totals extends Usage {
  readonly requests: number;
  readonly totalTokens: number;
}

/** Who asked for what, when it was answered, and what it cost. */
export interface Ledger {
  /** Starts the record of a request; the caller fills it in while it serves. */
  open(arrivedAt: number): ServedRequest;
  /** Adds what the client sent, as far back as there is room. */
  describe(
    request: ServedRequest,
    model: string,
    stream: boolean,
    messages: readonly Message[],
  ): void;
  /** Ends the record, once; what comes later is ignored. */
  close(request: ServedRequest, outcome: Exclude<Outcome, 'open'>, at: number): void;
  /** Copies, oldest first; with `match` those of which some kept message contains it. */
  list(match?: string): readonly ServedRequest[];
  totals(): Totals;
  forget(): void;
}

export function makeLedger(idPrefix: string): Ledger {
  let records: ServedRequest[] = [];
  let withMessages: ServedRequest[] = [];
  let keptChars = 0;
  let count = 0;
  let totals = NOTHING;
  let counted = new WeakSet<ServedRequest>();
  return {
    open(arrivedAt) {
      const id = `${idPrefix}simulated${String(++count).padStart(8, '0')}`;
      const request: ServedRequest = {
        id,
        arrivedAt,
        messageCount: 0,
        outcome: 'open',
        promptTokens: 0,
        completionTokens: 0,
      };
      records.push(request);
      counted.add(request);
      if (records.length > KEPT_REQUESTS) records.shift();
      totals = { ...totals, requests: totals.requests + 1 };
      return request;
    },
    describe(request, model, stream, messages) {
      Object.assign(request, { model, stream, messageCount: messages.length, messages });
      withMessages.push(request);
      keptChars += sizeOf(messages);
      while (keptChars > KEPT_CHARS && withMessages.length > 1) {
        const oldest = withMessages.shift();
        keptChars -= sizeOf(oldest?.messages ?? []);
        delete oldest?.messages;
      }
    },
    close(request, outcome, at) {
      if (request.outcome !== 'open') return;
      request.outcome = outcome;
      request.endedAt = at;
      if (!counted.has(request)) return;
      totals = {
        requests: totals.requests,
        promptTokens: totals.promptTokens + request.promptTokens,
        completionTokens: totals.completionTokens + request.completionTokens,
        totalTokens: totals.totalTokens + request.promptTokens + request.completionTokens,
      };
    },
    list: (match) =>
      records
        .filter(({ messages }) => match === undefined || messages?.some(contains(match)))
        .map((request) => ({ ...request })),
    totals: () => totals,
    forget() {
      records = [];
      withMessages = [];
      keptChars = 0;
      counted = new WeakSet();
      totals = NOTHING;
    },
  };
}

function contains(part: string): (message: Message) => boolean {
  return ({ text }) => text.includes(part);
}

function sizeOf(messages: readonly Message[]): number {
  return messages.reduce((size, { text }) => size + text.length, 0);
}

const KEPT_REQUESTS = 10_000;
const KEPT_CHARS = 4_000_000;
const NOTHING: Totals = { requests: 0, promptTokens: 0, completionTokens: 0, totalTokens: 0 };

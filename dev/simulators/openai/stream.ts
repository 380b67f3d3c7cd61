import type { ServerResponse } from 'node:http';
import type { FinishReason, Frames } from './dialect.ts';
import type { Latency } from './settings.ts';
import { nowMs } from '../common/time.ts';

/** What a stream sends, and where it goes wrong. */
export interface StreamPlan {
  readonly tokens: readonly string[];
  /** Starts over when the tokens are used up, until the client closes. */
  readonly endless: boolean;
  readonly reason: FinishReason;
  readonly pace: Pick<Latency, 'firstTokenMs' | 'perTokenMs'>;
  readonly breakage?: { readonly kind: Breakage; readonly afterTokens: number } | undefined;
}

export type Breakage = 'stall' | 'cut' | 'ends-early' | 'malformed-chunk' | 'stream-error';

/** Told while the stream runs. */
export interface StreamObserver {
  /** `sent` tokens have gone out by now. */
  sent(count: number, at: number): void;
  /** The stream is over; not told when the client leaves it. */
  ended(outcome: 'completed' | 'failed'): void;
}

/**
 * Sends the plan at its pace with one timer: tokens that are due together, after a stall of the
 * process or at no delay, go out in one write, and a client that does not read is waited for.
 * `ending` makes the last events of a stream that completes. Stops when the response closes.
 */
export function runStream(
  response: ServerResponse,
  frames: Pick<Frames, 'delta' | 'failure'> & { ending(): string },
  plan: StreamPlan,
  observer: StreamObserver,
): void {
  const { tokens, pace } = plan;
  const firstDueAt = nowMs() + pace.firstTokenMs;
  const whole = plan.endless && tokens.length > 0 ? Infinity : tokens.length;
  let breakage = plan.breakage;
  let sent = 0;
  let timer = setTimeout(tick, Math.ceil(pace.firstTokenMs));
  response.once('close', () => clearTimeout(timer));

  function tick(): void {
    if (response.destroyed) return;
    const stopAt = Math.min(whole, breakage?.afterTokens ?? Infinity);
    const until = Math.min(stopAt, sent + MAX_BATCH, tokensDue());
    let text = '';
    while (sent < until) text += frames.delta(tokens[sent++ % tokens.length] ?? '');
    if (text !== '') observer.sent(sent, nowMs());
    const flushed = text === '' || response.write(text);
    if (sent < stopAt) continueAfter(flushed);
    else stop();
  }

  function tokensDue(): number {
    if (pace.perTokenMs === 0) return Infinity;
    // Timers may fire a fraction early: half a millisecond counts as due.
    return Math.floor((nowMs() + 0.5 - firstDueAt) / pace.perTokenMs) + 1;
  }

  function continueAfter(flushed: boolean): void {
    if (!flushed) {
      response.once('drain', tick);
      return;
    }
    const due = firstDueAt + sent * pace.perTokenMs;
    timer = setTimeout(tick, Math.ceil(Math.max(0, due - nowMs())));
  }

  function stop(): void {
    const kind = breakage?.kind;
    breakage = undefined;
    switch (kind) {
      case undefined:
        observer.ended('completed');
        return void response.end(frames.ending());
      case 'stall':
        return;
      case 'malformed-chunk':
        return continueAfter(response.write(MALFORMED));
      case 'stream-error':
        observer.ended('failed');
        return void response.end(frames.failure());
      case 'ends-early':
        observer.ended('failed');
        return void response.end();
      case 'cut':
        observer.ended('failed');
        // What was written leaves first: the client is to see the tokens, then the broken line.
        return void setImmediate(() => response.destroy());
    }
  }
}

const MAX_BATCH = 256;
/** A chunk that was cut in the middle of a string. */
const MALFORMED =
  'data: {"id":"broken","object":"chat.completion.chunk","choices":[{"delta":{"con\n\n';

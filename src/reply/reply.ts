import { isTroupeError } from '../errors.ts';
import type { EventBody, ReplyEnd, ReplyId, SpokenText } from '../conversation/events.ts';
import { openScope, ScopeEnded } from '../lib/scope.ts';
import type { LlmEvent, LlmMessage } from '../ports/llm.ts';
import type { TurnRecord } from '../ports/memory-store.ts';
import { generate } from './generate.ts';
import type { GenerateDeps, GenerateSettings } from './generate.ts';
import { cutSentences } from './sentences.ts';
import { toSpokenText } from './speakable.ts';
import { openBooks } from './usage.ts';
import type { ReplyBooks } from './usage.ts';

/** Bounds of one answer. */
export interface ReplySettings extends GenerateSettings {
  readonly model: string;
  readonly maxTokens: number;
  /** A model that ignores `maxTokens` is cut here. */
  readonly maxCharacters: number;
  /** Longest prompt, in estimated tokens. */
  readonly contextTokens: number;
}

/** One answer to make. */
export interface ReplyOrder {
  readonly replyId: ReplyId;
  readonly recordId: string;
  readonly prompt: readonly LlmMessage[];
}

/**
 * The last stage: takes pieces, gives each back once the room has it. It stops publishing, at once
 * and for good, when the signal aborts.
 */
export type Deliver = (
  pieces: AsyncIterable<SpokenText>,
  signal: AbortSignal,
) => AsyncIterable<SpokenText>;

/** A reply under way. */
export interface RunningReply {
  /** Ends it now: `reply-ended` is posted before this returns, and nothing follows. */
  cancel(): void;
}

export interface ReplyDeps extends GenerateDeps {
  readonly post: (event: EventBody) => void;
  readonly finished: (record: TurnRecord) => void;
}

/**
 * Makes one answer: model -> sentences -> speakable -> last stage, pulled from the end, under one
 * scope. Posts `reply-audible`, `reply-progress` and, exactly once, `reply-ended`.
 */
export function startReply(
  deps: ReplyDeps,
  order: ReplyOrder,
  settings: ReplySettings,
  deliver: Deliver,
  signal: AbortSignal,
): RunningReply {
  const { replyId, prompt } = order;
  const scope = openScope(signal);
  const books = openBooks(deps.clock, { id: order.recordId, model: settings.model, prompt });
  let over = false;
  const end = (how: ReplyEnd): void => {
    if (over) return;
    over = true;
    scope.end(new ScopeEnded('reply ended'));
    deps.finished(books.close(how));
    deps.post({ type: 'reply-ended', replyId, end: how });
  };
  // Whoever hears an event may cancel the reply within it.
  const tell = (event: EventBody): void => {
    if (!over) deps.post(event);
  };
  const run = async (): Promise<ReplyEnd> => {
    const request = { model: settings.model, messages: prompt, maxTokens: settings.maxTokens };
    const events = generate(deps, request, settings, scope.signal);
    const sentences = cutSentences(readText(events, books, settings.maxCharacters));
    const pieces = speakable(sentences);
    let audible = false;
    for await (const piece of deliver(pieces.all(), scope.signal)) {
      if (over) break;
      if (!audible && piece.text !== '') {
        audible = true;
        books.heard();
        tell({ type: 'reply-audible', replyId });
      }
      tell({ type: 'reply-progress', replyId, piece });
    }
    // The last stage stops early where it may not publish any more.
    return pieces.ended() && !scope.signal.aborted ? 'finished' : 'interrupted';
  };
  run().then(end, (error: unknown) => {
    if (scope.signal.aborted) return end('interrupted');
    // The model's failures were told where they happened, attempt by attempt.
    if (!(isTroupeError(error) && error.service === 'llm')) {
      deps.observe({ type: 'publish-failed', what: 'reply', error });
    }
    end('failed');
  });
  return { cancel: () => end('interrupted') };
}

async function* readText(
  events: AsyncIterable<LlmEvent>,
  books: ReplyBooks,
  maxCharacters: number,
): AsyncGenerator<string> {
  let left = maxCharacters;
  for await (const event of events) {
    books.readEvent(event);
    if (event.type !== 'text-delta') continue;
    yield event.text.length <= left ? event.text : cutAt(event.text, left);
    left -= event.text.length;
    if (left <= 0) return;
  }
}

/** Never between the two halves of a character beyond the basic plane. */
function cutAt(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** Sentences as they are shown, and whether all of them were taken. */
function speakable(sentences: AsyncIterable<string>) {
  let ended = false;
  return {
    ended: () => ended,
    async *all(): AsyncGenerator<SpokenText> {
      for await (const sentence of sentences) yield toSpokenText(sentence);
      ended = true;
    },
  };
}

import type { EventBody, ReplyId } from '../conversation/events.ts';
import { meterFor } from '../cost/meter-for.ts';
import type { LlmEvent, LlmMessage } from '../ports/llm.ts';
import type { TurnRecord } from '../ports/memory-store.ts';
import type { FirstCut } from './first-cut.ts';
import { generate } from './generate.ts';
import type { GenerateDeps, GenerateSettings } from './generate.ts';
import type { Mark } from './mark.ts';
import { startReply } from './reply.ts';
import type { ReplyDeps, RunningReply, Stage } from './reply.ts';
import { cutSentences } from './sentences.ts';
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
  /** Where the first sentence may be cut so that a voice begins sooner. */
  readonly firstCut?: FirstCut;
}

/** One answer to make. */
export interface AnswerOrder {
  readonly replyId: ReplyId;
  readonly recordId: string;
  readonly prompt: readonly LlmMessage[];
  /** The turn that it answers, the last one of several. */
  readonly turnId?: string | undefined;
}

export interface AnswerDeps extends GenerateDeps, ReplyDeps {
  /** Gets the books of the answer, before its end is posted. */
  readonly finished: (record: TurnRecord) => void;
  /** Where somebody wants to know how far it has come. */
  readonly mark?: Mark | undefined;
}

/** Starts the reply that a model makes: its text is cut into sentences as it comes. Keeps the books. */
export function startAnswer(
  deps: AnswerDeps,
  order: AnswerOrder,
  settings: ReplySettings,
  stage: Stage,
  signal: AbortSignal,
): RunningReply {
  const { replyId, recordId, prompt } = order;
  const { model, maxTokens, maxCharacters, firstCut } = settings;
  const books = openBooks(deps.clock, { id: recordId, model, prompt });
  const post = (event: EventBody): void => {
    if (event.type === 'reply-audible') books.audible();
    if (event.type === 'reply-progress' && event.piece.original.trim() !== '') books.heard();
    if (event.type === 'reply-ended') deps.finished(books.close(event.end));
    deps.post(event);
  };
  const makeSentences = (replySignal: AbortSignal): AsyncIterable<string> => {
    const meter = meterFor(deps, order.turnId);
    const request = { model, messages: prompt, maxTokens, meter };
    const events = generate(deps, request, settings, replySignal);
    const text = readText(events, books, maxCharacters);
    return cutSentences(deps.mark === undefined ? text : marked(text, deps.mark), firstCut);
  };
  return startReply({ ...deps, post }, replyId, makeSentences, stage, signal);
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

async function* marked(text: AsyncIterable<string>, mark: Mark): AsyncGenerator<string> {
  mark('model-asked');
  for await (const piece of text) {
    mark('first-token');
    yield piece;
  }
}

/** Never between the two halves of a character beyond the basic plane. */
function cutAt(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

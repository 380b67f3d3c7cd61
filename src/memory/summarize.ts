import { meterFor } from '../cost/meter-for.ts';
import type { Clock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { Llm, LlmRequest } from '../ports/llm.ts';
import type { Observe } from '../ports/observe.ts';
import { planCompaction } from './compaction.ts';
import type { ContextMessage } from './context.ts';
import type { ContextWriter } from './context-writer.ts';

export interface SummarizeDeps {
  readonly llm: Llm;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly newId: () => string;
}

export interface SummarizeSettings {
  readonly model: string;
  /** Size beyond which the oldest messages are summarized, in estimated tokens. */
  readonly budgetTokens: number;
}

const SUMMARY_TOKENS = 400;
const LIMIT_MS = 60_000;
/** After a failure, and while a summary is being made, nothing is started. */
const PAUSE_MS = 30_000;
/** A context that no model will summarize is cut at this many budgets. */
const MAX_BUDGETS = 4;

const INSTRUCTION =
  'Summarize the conversation below for the assistant that will go on with it. Keep names, facts, ' +
  'wishes, promises and open questions. Write plain sentences in the language of the conversation.';

/**
 * Makes the keeper of a context's size: call it after each change. It summarizes the oldest messages
 * in the background, one summary at a time, and never keeps a reply waiting.
 */
export function makeSummarizer(
  deps: SummarizeDeps,
  writer: ContextWriter,
  settings: SummarizeSettings,
  signal: AbortSignal,
): () => void {
  const { clock, observe } = deps;
  let restingUntil = 0;

  async function summarize(oldest: readonly ContextMessage[]): Promise<void> {
    const request = {
      model: settings.model,
      maxTokens: SUMMARY_TOKENS,
      meter: meterFor(deps),
      messages: [
        { role: 'system', content: INSTRUCTION },
        { role: 'user', content: oldest.map(toLine).join('\n') },
      ],
    } satisfies LlmRequest;
    const ask = (limited: AbortSignal): Promise<string> => complete(deps.llm, request, limited);
    const text = await withDeadline(clock, LIMIT_MS, ask, signal);
    if (text !== '') replace(oldest, text);
  }

  function replace(oldest: readonly ContextMessage[], text: string): void {
    // A context that grew too fast was cut while the model was at it.
    const messages = writer.messages();
    if (oldest.some(({ id }, at) => messages[at]?.id !== id)) return;
    const summary = { role: 'summary', id: deps.newId(), text, at: clock.wallMs() } as const;
    writer.summarize(oldest.length, summary);
    observe({ type: 'context-compacted', removed: oldest.length });
    restingUntil = 0;
  }

  return () => {
    const messages = writer.messages();
    const plan = planCompaction(messages, settings.budgetTokens);
    if (plan === undefined || signal.aborted) return;
    if (planCompaction(messages, settings.budgetTokens * MAX_BUDGETS) !== undefined) {
      return replace(plan.oldest, 'Earlier parts of the conversation are not remembered.');
    }
    if (clock.monotonicMs() < restingUntil) return;
    restingUntil = clock.monotonicMs() + PAUSE_MS + LIMIT_MS;
    summarize(plan.oldest).catch((error: unknown) => {
      restingUntil = clock.monotonicMs() + PAUSE_MS;
      if (!signal.aborted) observe({ type: 'provider-failed', provider: deps.llm.name, error });
    });
  };
}

async function complete(llm: Llm, request: LlmRequest, signal: AbortSignal): Promise<string> {
  let text = '';
  for await (const event of llm.stream(request, signal)) {
    if (event.type === 'text-delta') text += event.text;
  }
  return text.trim();
}

function toLine(message: ContextMessage): string {
  if (message.role === 'user') return `${message.name}: ${message.text}`;
  return message.role === 'assistant' ? `Assistant: ${message.text}` : message.text;
}

import type OpenAI from 'openai';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { TroupeError } from '../../errors.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Llm, LlmEvent, LlmRequest } from '../../ports/llm.ts';
import { makeClient } from './client.ts';
import type { OpenAiOptions } from './client.ts';
import { toTroupeError } from './errors.ts';
import { tokenLimit } from './token-limit.ts';
import { readUsage } from './usage.ts';
import { makeWarmUp } from './warm-up.ts';

/** Any OpenAI-compatible chat completions API as an {@link Llm}, streaming over SSE. */
export function makeOpenAiLlm(options: OpenAiOptions, name = 'openai-compatible'): Llm {
  const client = makeClient(options);
  let usedAt = -Infinity;
  return {
    name,
    warmUp: makeWarmUp(options.baseUrl, () => usedAt),
    async *stream(request, signal) {
      try {
        for await (const event of streamCompletion(client, request, signal)) {
          usedAt = systemClock.monotonicMs();
          yield event;
        }
      } catch (error) {
        // The SDK ends an aborted stream in silence; so do we where it throws instead.
        if (!signal.aborted) throw toTroupeError(error);
      }
    },
  };
}

async function* streamCompletion(
  client: OpenAI,
  request: LlmRequest,
  signal: AbortSignal,
): AsyncGenerator<LlmEvent> {
  const stream = await client.chat.completions.create(
    {
      model: request.model,
      messages: request.messages.map(({ role, content }) => ({ role, content })),
      ...tokenLimit(request.model, request.maxTokens),
      stream: true,
      stream_options: { include_usage: true },
    },
    { signal },
  );
  let finished = false;
  for await (const chunk of stream) {
    for (const event of readChunk(chunk)) {
      if (event.type === 'finished' && finished) continue;
      finished ||= event.type === 'finished';
      yield event;
    }
  }
  // A connection that closes without saying why it stopped has lost the rest of the answer.
  if (!finished && !signal.aborted)
    throw broken('the model’s stream ended without a finish reason');
}

function readChunk(chunk: ChatCompletionChunk | null): readonly LlmEvent[] {
  if (!Array.isArray(chunk?.choices)) {
    throw broken('the model sent a chunk that is no chat completion', 'malformed');
  }
  const [choice] = chunk.choices;
  const events: LlmEvent[] = [];
  const text = choice?.delta?.content;
  if (typeof text === 'string' && text !== '') events.push({ type: 'text-delta', text });
  if (choice?.finish_reason) events.push(finishedBy(choice.finish_reason));
  const usage = readUsage(chunk.usage);
  if (usage !== undefined) events.push({ type: 'usage', usage });
  return events;
}

/** Routers add reasons of their own; only `error` means that the answer is not whole. */
function finishedBy(reason: string): LlmEvent {
  if (reason === 'error') throw broken('the model’s stream ended with an error');
  return { type: 'finished', reason: REASONS.get(reason) ?? 'stop' };
}

const REASONS: ReadonlyMap<string, 'length' | 'content-filter'> = new Map([
  ['length', 'length'],
  ['content_filter', 'content-filter'],
]);

/** A broken stream says nothing of the next one. */
function broken(message: string, kind: 'unavailable' | 'malformed' = 'unavailable'): TroupeError {
  return new TroupeError(message, { kind, fault: 'provider', service: 'llm', retryable: true });
}

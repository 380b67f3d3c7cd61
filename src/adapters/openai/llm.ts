import OpenAI from 'openai';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { TroupeError } from '../../errors.ts';
import type { Llm, LlmEvent, LlmRequest, LlmUsage } from '../../ports/llm.ts';
import { toTroupeError } from './errors.ts';

/** Where the model is. */
export interface OpenAiOptions {
  readonly apiKey: string;
  /** Base of an OpenAI-compatible API, such as `https://openrouter.ai/api/v1`. */
  readonly baseUrl: string;
}

/** Longest wait for response headers; the reply's own watchdog is shorter. */
const HEADERS_LIMIT_MS = 60_000;

/** Any OpenAI-compatible chat completions API as an {@link Llm}, streaming over SSE. */
export function makeOpenAiLlm(options: OpenAiOptions): Llm {
  const client = new OpenAI({
    apiKey: options.apiKey,
    baseURL: options.baseUrl,
    maxRetries: 0,
    timeout: HEADERS_LIMIT_MS,
  });
  return {
    async *stream(request, signal) {
      try {
        yield* streamCompletion(client, request, signal);
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
      max_tokens: request.maxTokens,
      stream: true,
      stream_options: { include_usage: true },
    },
    { signal },
  );
  let finished = false;
  for await (const chunk of stream) {
    for (const event of readChunk(chunk)) {
      finished ||= event.type === 'finished';
      yield event;
    }
  }
  // A connection that closes without saying why it stopped has lost the rest of the answer.
  if (!finished && !signal.aborted) {
    throw new TroupeError('the model’s stream ended without a finish reason', {
      kind: 'unavailable',
      fault: 'provider',
      service: 'llm',
    });
  }
}

function readChunk(chunk: ChatCompletionChunk): readonly LlmEvent[] {
  if (!Array.isArray(chunk.choices)) throw malformedChunk();
  const [choice] = chunk.choices;
  const events: LlmEvent[] = [];
  const text = choice?.delta?.content;
  if (typeof text === 'string' && text !== '') events.push({ type: 'text-delta', text });
  const reason = choice?.finish_reason;
  if (reason) events.push({ type: 'finished', reason: FINISH_REASONS[reason] ?? 'stop' });
  if (chunk.usage) events.push({ type: 'usage', usage: readUsage(chunk.usage) });
  return events;
}

const FINISH_REASONS: Readonly<Record<string, 'stop' | 'length' | 'content-filter'>> = {
  length: 'length',
  content_filter: 'content-filter',
};

/** OpenRouter adds the price in US dollars. */
function readUsage(usage: NonNullable<ChatCompletionChunk['usage']>): LlmUsage {
  const { cost } = usage as { cost?: unknown };
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    ...(typeof cost === 'number' && { cost }),
  };
}

function malformedChunk(): TroupeError {
  return new TroupeError('the model sent a chunk that is no chat completion', {
    kind: 'malformed',
    fault: 'provider',
    service: 'llm',
    retryable: true,
  });
}

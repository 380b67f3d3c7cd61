import { DONE, deltaTemplate, event } from './dialect.ts';
import type { Completion, Dialect, FinishReason, Frames, Usage } from './dialect.ts';
import { openRouterRefusals } from './openrouter-refusals.ts';

/**
 * OpenRouter: https://openrouter.ai/docs/api/reference/streaming and /errors. Usage with its cost
 * always comes, comments keep the stream awake, error codes are numbers.
 */
export const openRouterDialect: Dialect = {
  ownModels: false,
  idPrefix: 'gen-',
  streamType: 'text/event-stream',
  headers: (id) => ({ 'x-generation-id': id }),
  errorBody: ({ status, message }) => ({ error: { message, code: status } }),
  refusals: openRouterRefusals,
  frames,
  whole: (completion, text, reason, usage) => ({
    ...head(completion, 'chat.completion'),
    choices: [
      {
        index: 0,
        logprobs: null,
        finish_reason: reason,
        native_finish_reason: reason,
        message: { role: 'assistant', content: text, refusal: null, reasoning: null },
      },
    ],
    usage: usageBody(usage),
  }),
};

function frames(completion: Completion): Frames {
  const start = head(completion, 'chat.completion.chunk');
  const chunk = (content: string, reason: FinishReason | 'error' | null): object => ({
    ...start,
    choices: [
      {
        index: 0,
        delta: { content, role: 'assistant' },
        finish_reason: reason,
        native_finish_reason: reason,
      },
    ],
  });
  return {
    opening: ': OPENROUTER PROCESSING\n\n',
    delta: deltaTemplate((content) => chunk(content, null)),
    ending: (reason, usage) =>
      event(chunk('', reason)) + event({ ...start, choices: [], usage: usageBody(usage) }) + DONE,
    failure: () =>
      event({
        ...chunk('', 'error'),
        error: { code: 502, message: 'Provider disconnected unexpectedly' },
      }),
  };
}

function head({ id, created, model }: Completion, object: string): object {
  return { id, object, created, model, provider: 'Simulated' };
}

function usageBody({ promptTokens, completionTokens }: Usage): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    cost: promptTokens * PROMPT_PRICE + completionTokens * COMPLETION_PRICE,
    is_byok: false,
    prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0 },
    cost_details: {
      upstream_inference_cost: null,
      upstream_inference_prompt_cost: promptTokens * PROMPT_PRICE,
      upstream_inference_completions_cost: completionTokens * COMPLETION_PRICE,
    },
    completion_tokens_details: { reasoning_tokens: 0, image_tokens: 0, audio_tokens: 0 },
  };
}

/** US dollars per token, of the order of an 8B model's. */
const PROMPT_PRICE = 0.000_000_02;
const COMPLETION_PRICE = 0.000_000_05;

import { DONE, deltaTemplate, event } from './dialect.ts';
import type { Completion, Dialect, Frames, Usage } from './dialect.ts';
import { openAiRefusals } from './openai-refusals.ts';

/** OpenAI itself: https://platform.openai.com/docs/api-reference/chat. */
export const openAiDialect: Dialect = {
  ownModels: true,
  idPrefix: 'chatcmpl-',
  streamType: 'text/event-stream; charset=utf-8',
  headers: (id) => ({ 'x-request-id': `req_${id}`, 'openai-version': '2020-10-01' }),
  errorBody: ({ message, type, param, code }) => ({
    error: {
      message,
      type: type ?? 'invalid_request_error',
      param: param ?? null,
      code: code ?? null,
    },
  }),
  refusals: openAiRefusals,
  frames,
  whole: (completion, text, reason, usage) => ({
    ...head(completion, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: reason,
      },
    ],
    usage: usageBody(usage),
  }),
};

function frames(completion: Completion): Frames {
  const start = head(completion, 'chat.completion.chunk');
  const noUsage = completion.includeUsage ? { usage: null } : {};
  const chunk = (delta: object, reason: string | null): object => ({
    ...start,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
    ...noUsage,
  });
  return {
    opening: event(chunk({ role: 'assistant', content: '', refusal: null }, null)),
    delta: deltaTemplate((content) => chunk({ content }, null)),
    ending: (reason, usage) =>
      event(chunk({}, reason)) +
      (completion.includeUsage ? event({ ...start, choices: [], usage: usageBody(usage) }) : '') +
      DONE,
    failure: () => event(openAiDialect.errorBody(openAiRefusals.serverError(500).details)),
  };
}

function head({ id, created, model }: Completion, object: string): object {
  return {
    id,
    object,
    created,
    model,
    service_tier: 'default',
    system_fingerprint: 'fp_simulated',
  };
}

function usageBody({ promptTokens, completionTokens }: Usage): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

import type { Refusals } from './dialect.ts';
import { Rejection } from './rejection.ts';

/** OpenAI's words: https://platform.openai.com/docs/guides/error-codes. */
export const openAiRefusals: Refusals = {
  missingKey: () =>
    new Rejection({
      status: 401,
      message:
        "You didn't provide an API key. You need to provide your API key in an Authorization header " +
        'using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).',
    }),
  wrongKey: (key) =>
    new Rejection({
      status: 401,
      message: `Incorrect API key provided: ${key.slice(0, 3)}***. You can find your API key at https://platform.openai.com/account/api-keys.`,
      code: 'invalid_api_key',
    }),
  noCredits: () =>
    new Rejection({
      status: 429,
      message: 'You exceeded your current quota, please check your plan and billing details.',
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    }),
  forbidden: (model) =>
    new Rejection({
      status: 403,
      message: `Project \`proj_simulated\` does not have access to model \`${model}\``,
      code: 'model_not_found',
    }),
  unknownModel: (model) =>
    new Rejection({
      status: 404,
      message: `The model \`${model}\` does not exist or you do not have access to it.`,
      code: 'model_not_found',
    }),
  rateLimited: (model, retryAfterMs) =>
    new Rejection({
      status: 429,
      message: `Rate limit reached for ${model} on requests per min (RPM). Please try again in ${retryAfterMs}ms.`,
      type: 'requests',
      code: 'rate_limit_exceeded',
      headers: {
        'retry-after': String(Math.ceil(retryAfterMs / 1000)),
        'retry-after-ms': String(retryAfterMs),
      },
    }),
  serverError: (status) =>
    new Rejection({
      status,
      message: 'The server had an error while processing your request. Sorry about that!',
      type: 'server_error',
    }),
};

import type { Refusals } from './dialect.ts';
import { Rejection } from './rejection.ts';

/** OpenRouter's words: https://openrouter.ai/docs/api/reference/errors-and-debugging. */
export const openRouterRefusals: Refusals = {
  missingKey: () => new Rejection({ status: 401, message: 'Missing Authentication header' }),
  wrongKey: () => new Rejection({ status: 401, message: 'User not found.' }),
  noCredits: () =>
    new Rejection({
      status: 402,
      message: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
    }),
  forbidden: (model) =>
    new Rejection({
      status: 403,
      message: `${model} requires moderation. Your input was flagged for "harassment". No credits were charged.`,
    }),
  unknownModel: (model) =>
    new Rejection({ status: 400, message: `${model} is not a valid model ID` }),
  rateLimited: (model, retryAfterMs) =>
    new Rejection({
      status: 429,
      message: `Rate limit exceeded: ${model} is temporarily rate-limited upstream.`,
      headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
    }),
  serverError: (status) => new Rejection({ status, message: 'Provider returned error' }),
};

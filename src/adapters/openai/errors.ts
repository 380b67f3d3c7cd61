import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { faultOfKind, kindOfStatus, TroupeError } from '../../errors.ts';
import type { ProviderErrorKind } from '../../errors.ts';
import { retryAfterOf } from './retry-after.ts';

/** What the SDK threw, as one of our kinds. Its message may quote the prompt and stays in `cause`. */
export function toTroupeError(error: unknown): TroupeError {
  if (error instanceof TroupeError) return error;
  const status = error instanceof APIError ? statusOf(error) : undefined;
  const kind = kindOf(error, status);
  const retryable = retryableOf(error, kind, status);
  const retryAfterMs = error instanceof APIError ? retryAfterOf(error.headers) : undefined;
  return new TroupeError(status === undefined ? WORDS[kind] : `${WORDS[kind]} (HTTP ${status})`, {
    kind,
    fault: faultOfKind(kind),
    service: 'llm',
    cause: error,
    ...(retryable !== undefined && { retryable }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

const WORDS: Readonly<Record<ProviderErrorKind, string>> = {
  auth: 'the LLM provider refused the key: check OPENROUTER_API_KEY or OPENAI_API_KEY',
  forbidden: 'the LLM provider forbids this model or content',
  quota: 'the LLM provider’s rate limit or credit is used up',
  timeout: 'the LLM provider did not answer in time',
  unavailable: 'the LLM provider is not available',
  rejected: 'the LLM provider rejected the request: check the character’s model',
  malformed: 'the LLM provider sent what cannot be read',
};

function kindOf(error: unknown, status: number | undefined): ProviderErrorKind {
  if (error instanceof APIConnectionTimeoutError) return 'timeout';
  if (error instanceof SyntaxError) return 'malformed';
  if (error instanceof APIConnectionError || status === undefined) return 'unavailable';
  return kindOfStatus(status);
}

/** An error in the middle of a stream has no status; OpenRouter puts one into the error's code. */
function statusOf(error: APIError): number | undefined {
  const status: unknown = error.status ?? Number(error.code);
  return typeof status === 'number' && status >= 400 && status < 600 ? status : undefined;
}

/** Where it is not as the kind says. */
function retryableOf(
  error: unknown,
  kind: ProviderErrorKind,
  status?: number,
): boolean | undefined {
  // A broken chunk says nothing of the next stream.
  if (kind === 'malformed') return true;
  // Credits come back when somebody pays; OpenAI says so with the status of a rate limit.
  const unpaid = error instanceof APIError && error.code === 'insufficient_quota';
  return status === 402 || unpaid ? false : undefined;
}

import { checkMessages, type Message } from './check-messages.ts';
import { checkParameters } from './check-parameters.ts';
import { invalid } from './rejection.ts';

/** A body that the provider takes. */
export interface CompletionRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** Most tokens the answer may have. */
  readonly maxTokens: number;
}

/**
 * Checks a request body as the provider does, in its order and words. `ownModels` is OpenAI itself,
 * which also refuses what a router lets pass: unknown parameters, names with spaces, and
 * `max_tokens` for its reasoning models. Throws {@link Rejection}.
 */
export function parseCompletionRequest(raw: string, ownModels: boolean): CompletionRequest {
  const body = parseObject(raw);
  checkParameters(body, ownModels);
  if (typeof body['model'] !== 'string' || body['model'] === '') {
    throw invalid('you must provide a model parameter');
  }
  if (body['messages'] === undefined || body['messages'] === null) {
    throw invalid(
      "Missing required parameter: 'messages'.",
      'messages',
      'missing_required_parameter',
    );
  }
  const options = body['stream_options'] as { include_usage?: unknown } | null | undefined;
  return {
    model: body['model'],
    messages: checkMessages(body['messages'] as unknown[], ownModels),
    stream: body['stream'] === true,
    includeUsage: options?.include_usage === true,
    maxTokens: (body['max_completion_tokens'] ?? body['max_tokens'] ?? Infinity) as number,
  };
}

function parseObject(raw: string): Record<string, unknown> {
  const broken = invalid(
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using " +
      'your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was ' +
      'not valid JSON.)',
  );
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    throw broken;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw broken;
  return value as Record<string, unknown>;
}

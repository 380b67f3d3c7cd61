import OpenAI from 'openai';
import { systemClock } from '../../lib/clock.ts';
import { withDeadline } from '../../lib/deadline.ts';

/** Where the model is. */
export interface OpenAiOptions {
  readonly apiKey: string;
  /** Base of an OpenAI-compatible API, such as `https://openrouter.ai/api/v1`. */
  readonly baseUrl: string;
}

/** Longest wait for response headers; the reply's own watchdog is shorter. */
const HEADERS_LIMIT_MS = 60_000;

/** How long the rest of an answer that was understood may take to come. */
const REST_LIMIT_MS = 100;

/**
 * Makes the SDK's client. It retries nothing, and it is mute: at its debug level, which
 * `OPENAI_LOG` can set from outside, the SDK prints what people said.
 */
export function makeClient({ apiKey, baseUrl }: OpenAiOptions): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: HEADERS_LIMIT_MS,
    logLevel: 'off',
    fetch: async (input, init) => readToEnd(await fetch(input, init)),
  });
}

/**
 * The same response, of which the rest is read when its reader has had enough. The SDK stops at
 * `[DONE]`, a few bytes before the end, and a connection whose answer was not read to its end is
 * not used again: every reply would begin with a new handshake.
 */
function readToEnd(response: Response): Response {
  if (response.body === null) return response;
  const reader = response.body.getReader();
  const rest = async (): Promise<void> => {
    while (!(await reader.read()).done);
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        await withDeadline(systemClock, REST_LIMIT_MS, rest).catch(() => reader.cancel(reason));
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, response);
}

import { isTroupeError, TroupeError } from '../errors.ts';
import { unlessAborted } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { backoffMs } from '../lib/retry.ts';
import { openScope } from '../lib/scope.ts';
import type { Scope } from '../lib/scope.ts';
import type { Llm, LlmEvent, LlmRequest } from '../ports/llm.ts';
import type { Observe } from '../ports/observe.ts';

/** How long a model is waited for, and how often it is asked. */
export interface GenerateSettings {
  /** From the request to the first token, in ms. */
  readonly firstTokenTimeoutMs: number;
  /** Between two tokens, in ms. */
  readonly tokenGapTimeoutMs: number;
  /** Requests for one reply at most; only the first token ends the trying. */
  readonly attempts: number;
}

export interface GenerateDeps {
  readonly llm: Pick<Llm, 'name' | 'stream'>;
  readonly clock: Clock;
  readonly observe: Observe;
  /** In [0, 1): spreads retries. */
  readonly random: () => number;
}

/** Longest pause that a provider's Retry-After is given while somebody waits for an answer. */
const MAX_RETRY_AFTER_MS = 3_000;
const BACKOFF = { firstMs: 250, maxMs: 2_000 };

/**
 * Streams one completion under a watchdog. Retries only while nothing has come: what was heard
 * cannot be taken back.
 * @throws TroupeError of the last attempt; ends in silence when `signal` aborts.
 */
export async function* generate(
  deps: GenerateDeps,
  request: LlmRequest,
  settings: GenerateSettings,
  signal: AbortSignal,
): AsyncGenerator<LlmEvent> {
  for (let attempt = 1; ; attempt += 1) {
    let begun = false;
    try {
      for await (const event of watch(deps, request, settings, signal)) {
        begun = true;
        yield event;
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      const pauseMs =
        begun || attempt >= settings.attempts ? undefined : pauseBefore(deps, error, attempt);
      const again = pauseMs === undefined ? {} : { retryInMs: Math.round(pauseMs) };
      deps.observe({ type: 'provider-failed', provider: deps.llm.name, error, ...again });
      if (pauseMs === undefined) throw error;
      await deps.clock.delay(pauseMs, signal).catch(() => undefined);
      if (signal.aborted) return;
    }
  }
}

/** How long to wait before asking again, or `undefined` where that is no use. */
function pauseBefore(deps: GenerateDeps, error: unknown, attempt: number): number | undefined {
  if (!isTroupeError(error) || !error.retryable) return undefined;
  const { retryAfterMs = 0 } = error;
  if (retryAfterMs > MAX_RETRY_AFTER_MS) return undefined;
  return Math.max(retryAfterMs, backoffMs(BACKOFF, attempt, deps.random()));
}

/** One attempt. The SDK's own timeout ends at the response's headers, so silence is timed here. */
async function* watch(
  deps: GenerateDeps,
  request: LlmRequest,
  settings: GenerateSettings,
  signal: AbortSignal,
): AsyncGenerator<LlmEvent> {
  using scope = openScope(signal);
  const stream = deps.llm.stream(request, scope.signal)[Symbol.asyncIterator]();
  let limitMs = settings.firstTokenTimeoutMs;
  try {
    for (;;) {
      const next = await nextWithin(deps.clock, stream, limitMs, scope);
      if (next.done === true) return;
      yield next.value;
      limitMs = settings.tokenGapTimeoutMs;
    }
  } finally {
    // Closes the connection, with the scope's end; not waited for, since a stalled one never answers.
    stream.return?.().catch(() => undefined);
  }
}

async function nextWithin(
  clock: Clock,
  stream: AsyncIterator<LlmEvent>,
  limitMs: number,
  scope: Scope,
): Promise<IteratorResult<LlmEvent>> {
  using _timer = clock.after(limitMs, () => scope.end(silent(limitMs)));
  return await unlessAborted(stream.next(), scope.signal);
}

function silent(limitMs: number): TroupeError {
  return new TroupeError(`the model was silent for ${limitMs} ms`, {
    kind: 'timeout',
    fault: 'provider',
    service: 'llm',
  });
}

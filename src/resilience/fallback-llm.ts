import { isTroupeError, TroupeError } from '../errors.ts';
import { unlessAborted } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { openScope } from '../lib/scope.ts';
import type { Llm, LlmEvent, LlmRequest } from '../ports/llm.ts';
import type { Health } from './health.ts';

/** A provider of models, and how it fares. */
export interface GuardedLlm {
  readonly llm: Llm;
  readonly health: Health;
  /** Stands for the model of a request where that is another provider's; absent: it is ours to name. */
  readonly model?: string;
}

/**
 * A model of several providers: each request goes to the first one that is well, and to the next one
 * where it fails, or says nothing for `firstTokenMs`, before its first token.
 */
export function withFallbackLlm(
  clock: Clock,
  providers: readonly [GuardedLlm, ...GuardedLlm[]],
  firstTokenMs: number,
): Llm {
  return {
    name: providers[0].llm.name,
    async warmUp() {
      await providers.find(({ health }) => health.isWell())?.llm.warmUp();
    },
    async *stream(request, signal) {
      let failure: unknown = nobody();
      for (const provider of providers) {
        if (!provider.health.mayAsk()) continue;
        let begun = false;
        try {
          for await (const event of ask(clock, provider, request, firstTokenMs, signal)) {
            if (!begun) provider.health.servesInsteadOf(providers[0].health);
            begun = true;
            yield event;
          }
          return;
        } catch (error) {
          if (signal.aborted) return;
          provider.health.failed(error);
          if (begun || !isTroupeError(error)) throw error;
          failure = error;
        }
      }
      throw failure;
    },
  };
}

async function* ask(
  clock: Clock,
  { llm, health, model }: GuardedLlm,
  request: LlmRequest,
  firstTokenMs: number,
  signal: AbortSignal,
): AsyncGenerator<LlmEvent> {
  using scope = openScope(signal);
  const asked = model === undefined ? request : { ...request, model };
  const events = llm.stream(asked, scope.signal)[Symbol.asyncIterator]();
  try {
    let next = await firstOf(clock, events, firstTokenMs, scope);
    health.worked();
    for (; next.done !== true; next = await events.next()) yield next.value;
  } finally {
    // Ends the request with the scope's end; not waited for, since a stalled one never answers.
    events.return?.().catch(() => undefined);
  }
}

async function firstOf(
  clock: Clock,
  events: AsyncIterator<LlmEvent>,
  limitMs: number,
  scope: ReturnType<typeof openScope>,
): Promise<IteratorResult<LlmEvent>> {
  using _limit = clock.after(limitMs, () =>
    scope.end(failure('timeout', `the model said nothing for ${limitMs} ms`)),
  );
  return await unlessAborted(events.next(), scope.signal);
}

function nobody(): TroupeError {
  return failure('unavailable', 'no provider of models is well');
}

function failure(kind: 'timeout' | 'unavailable', message: string): TroupeError {
  return new TroupeError(message, { kind, fault: 'provider', service: 'llm' });
}

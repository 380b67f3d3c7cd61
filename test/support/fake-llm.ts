import { TroupeError } from '../../src/errors.ts';
import type { Llm, LlmEvent, LlmRequest, LlmUsage } from '../../src/ports/llm.ts';

/** One request to the model, answered by hand. */
export interface FakeCompletion {
  readonly request: LlmRequest;
  say(...texts: readonly string[]): void;
  /** Ends the answer as a provider does: why it stopped, and what it cost. */
  finish(reason?: 'stop' | 'length' | 'content-filter', usage?: LlmUsage): void;
  fail(error: TroupeError): void;
  /** The stream was read to its end, left or aborted: its connection is closed. */
  isClosed(): boolean;
}

/** A model in memory; it passes the contract suite that the real one passes. */
export interface FakeLlm extends Llm {
  /** Every request that was sent, oldest first. */
  readonly completions: readonly FakeCompletion[];
}

/** Makes a model that says what `script` makes of each request, at once or later. */
export function makeFakeLlm(
  script: (completion: FakeCompletion) => void = () => undefined,
): FakeLlm {
  const completions: FakeCompletion[] = [];
  return {
    name: 'openai',
    completions,
    warmUp: () => Promise.resolve(),
    async *stream(request, signal) {
      if (signal.aborted) return;
      const { completion, events } = openCompletion(request, signal);
      completions.push(completion);
      script(completion);
      yield* events;
    },
  };
}

/** An error of the provider, as an adapter makes it. */
export function llmError(
  kind: TroupeError['kind'],
  more: { readonly retryAfterMs?: number } = {},
): TroupeError {
  return new TroupeError(`the model says ${kind}`, {
    kind,
    fault: kind === 'rejected' ? 'room' : 'provider',
    service: 'llm',
    ...more,
  });
}

function openCompletion(
  request: LlmRequest,
  signal: AbortSignal,
): { completion: FakeCompletion; events: AsyncGenerator<LlmEvent> } {
  const queue: (LlmEvent | TroupeError | 'end')[] = [];
  let change = Promise.withResolvers<void>();
  let closed = false;
  const put = (...items: typeof queue): void => {
    queue.push(...items);
    change.resolve();
  };
  const wake = (): void => change.resolve();

  async function* read(): AsyncGenerator<LlmEvent> {
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const next = queue.shift();
        if (next === 'end') return;
        if (next instanceof TroupeError) throw next;
        if (next !== undefined) yield next;
        else {
          change = Promise.withResolvers();
          await change.promise;
        }
      }
    } finally {
      signal.removeEventListener('abort', wake);
      closed = true;
    }
  }

  return {
    events: read(),
    completion: {
      request,
      say: (...texts) => put(...texts.map((text) => ({ type: 'text-delta', text }) as const)),
      finish(reason = 'stop', usage = { promptTokens: 7, completionTokens: 5 }) {
        put({ type: 'finished', reason }, { type: 'usage', usage }, 'end');
      },
      fail: (error) => put(error),
      isClosed: () => closed,
    },
  };
}

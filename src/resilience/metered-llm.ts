import type { Clock } from '../lib/clock.ts';
import type { Llm, LlmMessage, LlmRequest, LlmUsage } from '../ports/llm.ts';
import type { ProviderCall } from '../ports/meter.ts';
import { openCall } from './open-call.ts';

export interface MeteredLlmDeps {
  readonly clock: Clock;
  /** About what a prompt and the text that came took. */
  readonly estimateUsage: (prompt: readonly LlmMessage[], text: string) => LlmUsage;
}

/** An {@link Llm} whose completions are told to the meter of each request. */
export function meteredLlm(deps: MeteredLlmDeps, llm: Llm): Llm {
  return {
    ...llm,
    async *stream(request, signal) {
      const { meter, model } = request;
      let usage: LlmUsage | undefined;
      let text = '';
      using call = openCall(deps.clock, signal, (course) => {
        const tokens = usage ?? estimate(deps, request, text, course.outcome);
        meter?.({ kind: 'llm', provider: llm.name, model, ...tokens, ...course });
      });
      try {
        for await (const event of llm.stream(request, signal)) {
          if (event.type === 'usage') usage = event.usage;
          if (event.type === 'text-delta') {
            call.came();
            text += event.text;
          }
          yield event;
        }
        call.done();
      } catch (error) {
        call.failed(error);
        throw error;
      }
    },
  };
}

/** A provider tells usage only at a stream's end; what was refused before its first token is free. */
function estimate(
  { estimateUsage }: MeteredLlmDeps,
  { messages }: LlmRequest,
  text: string,
  outcome: ProviderCall['outcome'],
): Pick<ProviderCall, 'promptTokens' | 'completionTokens' | 'estimated'> {
  if (outcome === 'failed' && text === '') return {};
  return { ...estimateUsage(messages, text), estimated: true };
}

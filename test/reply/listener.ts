import { generate } from '../../src/reply/generate.ts';
import type { Llm, LlmEvent } from '../../src/ports/llm.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { llmError, makeFakeLlm } from '../support/fake-llm.ts';
import type { FakeLlm } from '../support/fake-llm.ts';
import { openHandClock } from '../support/hand-clock.ts';

const SETTINGS = { firstTokenTimeoutMs: 1_000, tokenGapTimeoutMs: 500 };
const REQUEST = { model: 'm', messages: [], maxTokens: 10 };

/** Someone who listens to one answer, on a clock that is moved by hand; `random` is the chance. */
export function listen(llm: Pick<Llm, 'stream'>, { random = 1, attempts = 3 } = {}) {
  const clock = openHandClock();
  const owner = new AbortController();
  const observed: Observation[] = [];
  const heard: LlmEvent[] = [];
  const deps = {
    llm: { name: 'openai', ...llm },
    clock,
    random: () => random,
    observe: (one: Observation) => void observed.push(one),
  };
  const stream = generate(deps, REQUEST, { ...SETTINGS, attempts }, owner.signal);
  /** Hears the answer to its end; gives what it failed with. */
  const read = async (): Promise<unknown> => {
    try {
      for await (const event of stream) heard.push(event);
      return 'ended';
    } catch (error) {
      return error;
    }
  };
  return { clock, owner, observed, heard, stream, read };
}

/** A model that fails as told, attempt by attempt, and then answers. */
export function failing(...errors: readonly Parameters<typeof llmError>[]): FakeLlm {
  const left = [...errors];
  return makeFakeLlm((completion) => {
    const error = left.shift();
    if (error !== undefined) return completion.fail(llmError(...error));
    completion.say('Hi.');
    completion.finish();
  });
}

/** These texts as a model streams them. */
export function said(...texts: readonly string[]): LlmEvent[] {
  return texts.map((text) => ({ type: 'text-delta', text }));
}

import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { FaultInput } from '../../dev/simulators/openai/settings.ts';
import { openOpenAiSimulator } from '../../dev/simulators/openai/server.ts';
import type { OpenAiSimulator } from '../../dev/simulators/openai/server.ts';
import { makeOpenAiLlm } from '../../src/adapters/openai/llm.ts';
import { llmError, makeFakeLlm } from '../support/fake-llm.ts';
import type { FakeCompletion } from '../support/fake-llm.ts';
import { everyLlm } from './every-llm.ts';
import { describeLive, NO_KEY } from './live.ts';
import { llmContract } from './llm.ts';
import type { LlmFate, LlmWorld } from './llm.ts';

describe.each([
  ['openrouter', 'meta-llama/llama-3.1-8b-instruct'],
  ['openai', 'gpt-4.1-mini'],
  ['openai', 'gpt-5-mini'],
] as const)('%s with %s', (provider, model) => {
  let simulator: OpenAiSimulator;
  beforeAll(async () => {
    simulator = await openOpenAiSimulator({ provider });
  });
  beforeEach(() => void simulator.disarm());
  afterAll(() => simulator[Symbol.asyncDispose]());

  llmContract(() => ({
    llm: makeOpenAiLlm({ apiKey: simulator.apiKey, baseUrl: simulator.url }),
    model,
    stranger: makeOpenAiLlm({ apiKey: NO_KEY, baseUrl: simulator.url }),
    decide(fate) {
      if ('reply' in fate && fate.reply !== '') {
        simulator.configure({ replies: [{ reply: fate.reply }] });
      } else simulator.arm({ ...faultOf(fate), times: 1 });
    },
    asked: () => simulator.requests().length,
    isClosed: () => simulator.requests().at(-1)?.outcome !== 'open',
  }));
});

function faultOf(fate: LlmFate): FaultInput {
  if ('reply' in fate) return { kind: 'empty-answer' };
  if ('refused' in fate) return { kind: 'server-error' };
  if ('breaksAfter' in fate) return { kind: 'cut', afterTokens: fate.breaksAfter };
  if ('endsEarlyAfter' in fate) return { kind: 'ends-early', afterTokens: fate.endsEarlyAfter };
  if ('stallsAfter' in fate) return { kind: 'stall', afterTokens: fate.stallsAfter };
  return { kind: 'content-filter', afterTokens: fate.filteredAfter };
}

describe('the fake of the tests', () => {
  let fate: LlmFate;
  beforeEach(() => void (fate = { reply: 'Hello there, how are you?' }));
  const llm = makeFakeLlm((completion) => fulfil(fate, completion));
  const world: LlmWorld = {
    llm,
    model: 'any',
    decide: (next) => void (fate = next),
    asked: () => llm.completions.length,
    isClosed: () => llm.completions.at(-1)?.isClosed() ?? true,
  };
  llmContract(() => world);
});

describe.each([
  ['OPENROUTER_API_KEY', 'https://openrouter.ai/api/v1', 'meta-llama/llama-3.1-8b-instruct'],
  ['OPENAI_API_KEY', 'https://api.openai.com/v1', 'gpt-4.1-mini'],
])('%s', (key, baseUrl, model) => {
  describeLive(key, (apiKey) =>
    everyLlm(() => ({
      llm: makeOpenAiLlm({ apiKey, baseUrl }),
      model,
      stranger: makeOpenAiLlm({ apiKey: NO_KEY, baseUrl }),
    })),
  );
});

function fulfil(fate: LlmFate, completion: FakeCompletion): void {
  const say = (words: number): void => completion.say(...['One', ' two', ' three'].slice(0, words));
  if ('reply' in fate) {
    completion.say(...(fate.reply.match(/\s*\S+/gu) ?? []));
    completion.finish();
  } else if ('filteredAfter' in fate) {
    say(fate.filteredAfter);
    completion.finish('content-filter');
  } else if ('stallsAfter' in fate) say(fate.stallsAfter);
  else {
    if ('breaksAfter' in fate) say(fate.breaksAfter);
    if ('endsEarlyAfter' in fate) say(fate.endsEarlyAfter);
    completion.fail(llmError('unavailable'));
  }
}

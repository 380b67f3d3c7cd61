import { expect, it } from 'vitest';
import { openOpenAiSimulator } from '../../dev/simulators/openai/server.ts';
import { llmOptions, makeLlmProvider } from '../../src/app/providers.ts';
import { readConfig } from '../../src/config.ts';
import { meterFor } from '../../src/cost/meter-for.ts';
import { VALUES } from '../../src/ops/label-values.ts';
import type { Observation } from '../../src/ports/observe.ts';

const BOT = {
  LIVEKIT_URL: 'ws://127.0.0.1:7880',
  LIVEKIT_API_KEY: 'key',
  LIVEKIT_API_SECRET: 'secret',
  SUPABASE_URL: 'http://127.0.0.1:54321',
  SUPABASE_SERVICE_ROLE: 'service-key',
};

const OPENROUTER = {
  apiKey: 'or',
  baseUrl: 'https://openrouter.ai/api/v1',
  model: 'meta-llama/llama-3.1-8b-instruct',
};
const OPENAI = { apiKey: 'oa', baseUrl: 'https://api.openai.com/v1', model: 'gpt-4.1-mini' };
const OWN = { LLM_BASE_URL: 'http://127.0.0.1:8000/v1', LLM_MODEL: 'own/model' };

it.each([
  ['OpenRouter’s Llama', { OPENROUTER_API_KEY: 'or' }, OPENROUTER],
  ['OpenAI where only that has a key', { OPENAI_API_KEY: 'oa' }, OPENAI],
  [
    'OpenRouter where both have one',
    { OPENROUTER_API_KEY: 'or', OPENAI_API_KEY: 'oa' },
    OPENROUTER,
  ],
  [
    'any other that is named',
    { OPENAI_API_KEY: 'oa', ...OWN },
    { apiKey: 'oa', baseUrl: OWN.LLM_BASE_URL, model: OWN.LLM_MODEL },
  ],
])('answers are made by %s', (_which, env, options) => {
  expect(llmOptions(readConfig({ ...BOT, ...env }, 'room'))).toEqual(options);
});

it('two models of one vendor go by the same two names in all that is told of them', async () => {
  const nowhere = 'http://127.0.0.1:1/v1';
  const models = {
    LLM_BASE_URL: nowhere,
    LLM2_BASE_URL: nowhere,
    LLM2_MODEL: 'm',
  };
  const observed: Observation[] = [];
  const observe = (one: Observation): void => void observed.push(one);
  const config = readConfig({ ...BOT, OPENAI_API_KEY: 'oa', ...models }, 'room');
  const { llm } = makeLlmProvider(config, observe);
  const request = { model: 'm', messages: [], maxTokens: 5, meter: meterFor({ observe }) };
  const asked = Array.fromAsync(llm.stream(request, new AbortController().signal));
  await expect(asked).rejects.toMatchObject({ service: 'llm' });
  const told = observed.map((one) => `${one.type} ${'provider' in one ? one.provider : ''}`);
  expect(told).toEqual([
    'usage openai-compatible',
    'provider-failed openai-compatible',
    'usage openai-compatible-2',
    'provider-failed openai-compatible-2',
  ]);
  expect(VALUES.provider).toEqual(expect.arrayContaining([llm.name, 'openai-compatible-2']));
});

it('a model that has no second is left alone once it fails and fails, by every room of the process', async () => {
  await using simulator = await openOpenAiSimulator();
  const observed: Observation[] = [];
  const config = readConfig(
    { ...BOT, OPENAI_API_KEY: simulator.apiKey, LLM_BASE_URL: simulator.url, LLM_MODEL: MODEL },
    'room',
  );
  const { llm } = makeLlmProvider(config, (one) => void observed.push(one));
  const request = {
    model: MODEL,
    messages: [{ role: 'user', content: 'Hi' }],
    maxTokens: 5,
  } as const;
  const ask = () => Array.fromAsync(llm.stream(request, new AbortController().signal));
  simulator.arm({ kind: 'server-error' });
  for (let time = 0; time < 10; time += 1) {
    await expect(ask()).rejects.toMatchObject({ kind: 'unavailable', retryable: true });
  }
  simulator.disarm();
  await expect(ask()).rejects.toMatchObject({ kind: 'unavailable', retryable: false });
  expect(simulator.requests()).toHaveLength(10);
  expect(observed).toEqual([{ type: 'provider-paused', provider: llm.name, forMs: 5_000 }]);
});

const MODEL = 'gpt-4.1-mini';

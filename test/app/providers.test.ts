import { expect, it } from 'vitest';
import { llmOptions } from '../../src/app/providers.ts';
import { readConfig } from '../../src/config.ts';

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

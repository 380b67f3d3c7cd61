import type { Config } from '../config.ts';
import { makeOpenAiLlm } from '../adapters/openai/llm.ts';
import type { Llm } from '../ports/llm.ts';

/** Which LLM answers, and with what model where a character names none. */
export interface LlmProvider {
  readonly llm: Llm;
  readonly defaultModel: string;
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** OpenRouter when its key is set, else OpenAI; LLM_BASE_URL and LLM_MODEL override either. */
export function makeLlmProvider(config: Config): LlmProvider {
  const provider = config.OPENROUTER_API_KEY === undefined ? OPENAI : OPENROUTER;
  const apiKey = config.OPENROUTER_API_KEY ?? config.OPENAI_API_KEY ?? '';
  const baseUrl = config.LLM_BASE_URL ?? provider.baseUrl;
  return {
    llm: makeOpenAiLlm({ apiKey, baseUrl }),
    defaultModel: config.LLM_MODEL ?? provider.model,
    apiKey,
    baseUrl,
  };
}

const OPENROUTER = {
  baseUrl: 'https://openrouter.ai/api/v1',
  model: 'meta-llama/llama-3.1-8b-instruct',
};

const OPENAI = { baseUrl: 'https://api.openai.com/v1', model: 'gpt-4.1-mini' };

import type { Config } from '../config.ts';
import type { OpenAiOptions } from '../adapters/openai/client.ts';
import { makeOpenAiLlm } from '../adapters/openai/llm.ts';
import { systemClock } from '../lib/clock.ts';
import { estimateUsage } from '../memory/estimate-usage.ts';
import type { Llm } from '../ports/llm.ts';
import type { Observe } from '../ports/observe.ts';
import { withFallbackLlm } from '../resilience/fallback-llm.ts';
import { guardedLlm } from '../resilience/guarded-llm.ts';
import { watchHealth } from '../resilience/health.ts';
import { meteredLlm } from '../resilience/metered-llm.ts';
import type { LoadVoice } from '../room/talk-voice.ts';

/** The LLM that answers, and the model where a character names none. */
export interface LlmProvider {
  readonly llm: Llm;
  readonly defaultModel: string;
}

/**
 * Makes the configured provider's LLM, with a breaker; where a second one is configured it stands in
 * for the first.
 */
export function makeLlmProvider(config: Config, observe: Observe): LlmProvider {
  const { model: defaultModel, ...options } = llmOptions(config);
  const vendor = vendorOf(options);
  const first = meteredOpenAi(options, vendor);
  const standIn = secondLlmOptions(config);
  const deps = { clock: systemClock, observe };
  if (standIn === undefined) return { llm: guardedLlm(deps, first), defaultModel };
  const { model, ...secondOptions } = standIn;
  const other = vendorOf(secondOptions);
  const second = meteredOpenAi(secondOptions, other === vendor ? `${vendor}-2` : other);
  const llm = withFallbackLlm(
    systemClock,
    [
      { llm: first, health: watchHealth(deps, first.name) },
      { llm: second, health: watchHealth(deps, second.name), model },
    ],
    config.LLM_FALLBACK_AFTER_MS,
  );
  return { llm, defaultModel };
}

/** OpenRouter when its key is set, else OpenAI; LLM_BASE_URL and LLM_MODEL override either. */
export function llmOptions(config: Config) {
  const provider = config.OPENROUTER_API_KEY === undefined ? OPENAI : OPENROUTER;
  return {
    apiKey: config.OPENROUTER_API_KEY ?? config.OPENAI_API_KEY ?? '',
    baseUrl: config.LLM_BASE_URL ?? provider.baseUrl,
    model: config.LLM_MODEL ?? provider.model,
  };
}

/** The second model's, where one is configured. */
export function secondLlmOptions(config: Config) {
  const { LLM2_BASE_URL: baseUrl, LLM2_MODEL: model } = config;
  // A server of one's own may take no key; the SDK insists on one.
  const apiKey = config.LLM2_API_KEY ?? 'none';
  return baseUrl === undefined || model === undefined ? undefined : { apiKey, baseUrl, model };
}

/**
 * Makes what loads ears and voices, once for the process: at once where all bots are to have them,
 * otherwise when the first one does.
 */
export function makeLoadVoice(config: Config, observe: Observe): LoadVoice {
  let loading: Promise<LoadVoice> | undefined;
  const load = async (): Promise<LoadVoice> => {
    const { openVoiceProviders } = await import('./voice.ts');
    return await openVoiceProviders(config, observe);
  };
  if (config.AUDIO_ENABLED) {
    loading = load();
    // Whoever needs it will be told.
    loading.catch(() => undefined);
  }
  const loaded = async (): Promise<LoadVoice> => {
    loading ??= load();
    try {
      return await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
  return async (character) => {
    const find = await loaded();
    return await find(character);
  };
}

function meteredOpenAi(options: OpenAiOptions, name: string): Llm {
  return meteredLlm({ clock: systemClock, estimateUsage }, makeOpenAiLlm(options, name));
}

function vendorOf(options: OpenAiOptions): string {
  const host = new URL(options.baseUrl).host;
  const vendor = [OPENROUTER, OPENAI].find(({ baseUrl }) => new URL(baseUrl).host === host);
  return vendor?.name ?? 'openai-compatible';
}

const OPENROUTER = {
  name: 'openrouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  model: 'meta-llama/llama-3.1-8b-instruct',
};

const OPENAI = {
  name: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  model: 'gpt-4.1-mini',
};

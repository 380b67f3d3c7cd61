import OpenAI from 'openai';
import { toTroupeError } from './errors.ts';
import type { OpenAiOptions } from './llm.ts';

/**
 * Asks the model for one token: a list of models would not prove the key, since some providers show
 * theirs to everybody.
 * @throws TroupeError of service `llm`.
 */
export async function checkLlm(
  options: OpenAiOptions & { readonly model: string },
  signal: AbortSignal,
): Promise<void> {
  const client = new OpenAI({ apiKey: options.apiKey, baseURL: options.baseUrl, maxRetries: 0 });
  const { model } = options;
  try {
    await client.chat.completions.create(
      { model, max_tokens: 1, messages: [{ role: 'user', content: 'Hello' }] },
      { signal },
    );
  } catch (error) {
    throw toTroupeError(error);
  }
}

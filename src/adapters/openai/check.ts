import { makeClient } from './client.ts';
import type { OpenAiOptions } from './client.ts';
import { toTroupeError } from './errors.ts';
import { tokenLimit } from './token-limit.ts';

/** A model that thinks first refuses a bound that leaves it no words. */
const MAX_TOKENS = 100;

/**
 * Asks the model for a short answer: a list of models would not prove the key, since some providers
 * show theirs to everybody.
 * @throws TroupeError of service `llm`.
 */
export async function checkLlm(
  options: OpenAiOptions & { readonly model: string },
  signal: AbortSignal,
): Promise<void> {
  const { model } = options;
  try {
    await makeClient(options).chat.completions.create(
      { model, messages: [{ role: 'user', content: 'Hello' }], ...tokenLimit(model, MAX_TOKENS) },
      { signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw toTroupeError(error);
  }
}

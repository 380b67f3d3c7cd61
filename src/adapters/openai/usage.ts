import { z } from 'zod';
import type { LlmUsage } from '../../ports/llm.ts';

/**
 * The usage of a chunk, if it has one that can be read. What cannot is left out, as if the provider
 * had told nothing: numbers that the database refuses would keep a whole context from being saved.
 */
export function readUsage(usage: unknown): LlmUsage | undefined {
  if (usage === null || usage === undefined) return undefined;
  const read = wireUsage.safeParse(usage).data;
  if (read === undefined) return undefined;
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens, cost } = read;
  return { promptTokens, completionTokens, ...(cost !== undefined && { cost }) };
}

const wireUsage = z.object({
  prompt_tokens: z.int32().nonnegative(),
  completion_tokens: z.int32().nonnegative(),
  /** OpenRouter adds the price in US dollars. */
  cost: z.number().nonnegative().optional().catch(undefined),
});

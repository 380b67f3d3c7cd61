import type { LlmMessage, LlmUsage } from '../ports/llm.ts';
import { estimateTokens } from './context.ts';

/** About what a completion took that nobody billed: a provider tells usage only at a stream’s end. */
export function estimateUsage(prompt: readonly LlmMessage[], answer: string): LlmUsage {
  return {
    promptTokens: prompt.reduce((sum, { content }) => sum + estimateTokens(content), 0),
    completionTokens: estimateTokens(answer),
  };
}

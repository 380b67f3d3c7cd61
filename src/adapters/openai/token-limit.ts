/**
 * The parameter that bounds an answer. OpenAI's reasoning models, under their bare names, refuse
 * `max_tokens`; every other provider knows it, and routers translate it (`openai/gpt-5-mini`).
 */
export function tokenLimit(
  model: string,
  tokens: number,
): { readonly max_tokens: number } | { readonly max_completion_tokens: number } {
  const thinks = /^(?:o\d|gpt-[5-9])/.test(model);
  return thinks ? { max_completion_tokens: tokens } : { max_tokens: tokens };
}

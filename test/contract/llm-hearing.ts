import type { Llm, LlmEvent, LlmRequest } from '../../src/ports/llm.ts';

/** Nobody aborts. */
export const NEVER = new AbortController().signal;

/** Asks for a short answer. */
export function askShortly(
  { llm, model }: { readonly llm: Llm; readonly model: string },
  signal = NEVER,
  changes: Partial<LlmRequest> = {},
): AsyncIterable<LlmEvent> {
  return llm.stream(
    {
      model,
      messages: [
        { role: 'system', content: 'You are Ada.' },
        { role: 'user', content: 'Bob: Hi' },
      ],
      maxTokens: 50,
      ...changes,
    },
    signal,
  );
}

/** Reads a stream to its end, however it ends. */
export async function hearAll(stream: AsyncIterable<LlmEvent>) {
  const events: LlmEvent[] = [];
  let error: unknown;
  try {
    for await (const event of stream) events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  const text = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  return { events, error, text, types: new Set(events.map(({ type }) => type)) };
}

import type { Character } from '../character/character.ts';
import { estimateTokens } from '../memory/context.ts';
import type { ContextMessage } from '../memory/context.ts';
import type { LlmMessage } from '../ports/llm.ts';

/**
 * What the model gets to read: who it is, what was summarized, then the talk, newest last. Where
 * several people have spoken their lines come as `Name: text`. Oldest messages are left out beyond
 * `maxTokens` (estimated), the last one never.
 */
export function writePrompt(
  character: Character,
  messages: readonly ContextMessage[],
  maxTokens: number,
): readonly LlmMessage[] {
  const speakers = new Set(messages.flatMap((one) => (one.role === 'user' ? [one.speaker] : [])));
  const named = speakers.size > 1;
  const system = named ? `${character.prompt}\n\n${roomRules(character.name)}` : character.prompt;
  const talk = messages.flatMap((message) => toLlmMessage(message, named) ?? []);
  return [{ role: 'system', content: system }, ...merged(fitting(talk, maxTokens))];
}

function roomRules(name: string): string {
  return (
    `You are ${name}, in a room with several people. Their lines come as "Name: text". ` +
    `Answer as ${name} with your words alone: never write a name before your line, and never ` +
    'write lines for others.'
  );
}

function toLlmMessage(message: ContextMessage, named: boolean): LlmMessage | undefined {
  if (message.role === 'summary') {
    return { role: 'system', content: `Summary of the conversation so far: ${message.text}` };
  }
  if (message.text === '') return undefined;
  if (message.role === 'assistant') return { role: 'assistant', content: message.text };
  return { role: 'user', content: named ? `${message.name}: ${message.text}` : message.text };
}

function fitting(messages: readonly LlmMessage[], maxTokens: number): readonly LlmMessage[] {
  let left = maxTokens;
  const first = messages.findLastIndex((one) => {
    left -= estimateTokens(one.content);
    return left < 0;
  });
  return messages.slice(Math.min(first + 1, Math.max(0, messages.length - 1)));
}

/** Some models want user and assistant in turns: neighbours of one role become one message. */
function merged(messages: readonly LlmMessage[]): readonly LlmMessage[] {
  return messages.reduce<LlmMessage[]>((before, one) => {
    const last = before.at(-1);
    if (last?.role !== one.role) return [...before, one];
    return [...before.slice(0, -1), { role: one.role, content: `${last.content}\n${one.content}` }];
  }, []);
}

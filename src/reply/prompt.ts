import type { Character } from '../character/character.ts';
import { estimateTokens } from '../memory/context.ts';
import type { ContextMessage } from '../memory/context.ts';
import type { LlmMessage } from '../ports/llm.ts';
import { inTalkOrder } from './talk-order.ts';

/**
 * What the model gets to read: who it is and what was summarized, then the talk, what is to be
 * answered last. Where several people have spoken their lines come as `Name: text`. Summary and talk
 * weigh `maxTokens` (estimated) at most: oldest messages are left out, the last one never.
 */
export function writePrompt(
  character: Character,
  messages: readonly ContextMessage[],
  maxTokens: number,
): readonly LlmMessage[] {
  const speakers = new Set(messages.flatMap((one) => (one.role === 'user' ? [one.speaker] : [])));
  const named = speakers.size > 1;
  const summary = messages.flatMap((one) => (one.role === 'summary' ? [summaryOf(one.text)] : []));
  const rules = named ? [roomRules(character.name)] : [];
  const talk = inTalkOrder(messages).flatMap((message) => toLlmMessage(message, named) ?? []);
  // Many models take one message of the system only, and the two others in turns.
  const system = [character.prompt, ...rules, ...summary].join('\n\n');
  const left = maxTokens - estimateTokens(summary.join());
  return [{ role: 'system', content: system }, ...merged(fitting(talk, left))];
}

function summaryOf(text: string): string {
  return `Summary of the conversation so far: ${text}`;
}

function roomRules(name: string): string {
  return (
    `You are ${name}, in a room with several people. Their lines come as "Name: text". ` +
    `Answer as ${name} with your words alone: never write a name before your line, and never ` +
    'write lines for others.'
  );
}

function toLlmMessage(message: ContextMessage, named: boolean): LlmMessage | undefined {
  if (message.role === 'summary' || message.text === '') return undefined;
  if (message.role === 'assistant') return { role: 'assistant', content: message.text };
  // A name is one line, or it could speak for others.
  const name = message.name.replaceAll(/\s+/g, ' ');
  return { role: 'user', content: named ? `${name}: ${message.text}` : message.text };
}

function fitting(messages: readonly LlmMessage[], maxTokens: number): readonly LlmMessage[] {
  let left = maxTokens;
  const first = messages.findLastIndex((one) => {
    left -= estimateTokens(one.content);
    return left < 0;
  });
  return messages.slice(Math.min(first + 1, Math.max(0, messages.length - 1)));
}

/** Neighbours of one role as one message. */
function merged(messages: readonly LlmMessage[]): readonly LlmMessage[] {
  const turns: LlmMessage[] = [];
  for (const one of messages) {
    const last = turns.at(-1);
    if (last?.role === one.role) {
      turns[turns.length - 1] = { role: one.role, content: `${last.content}\n${one.content}` };
    } else turns.push(one);
  }
  return turns;
}

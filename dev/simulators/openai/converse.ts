import { isInstruction, type Message } from './check-messages.ts';
import { knownFacts } from './known-facts.ts';

/**
 * Small talk that shows whether the context arrived: it knows what the asker told about himself,
 * what he said before, and the name that its instructions give it. Otherwise it repeats what it
 * heard and counts. In a meeting (`Name: text`) each speaker is kept apart.
 */
export function converse(messages: readonly Message[]): string {
  const me = ownName(messages);
  const turns = messages.filter(({ role }) => role === 'user').map(({ text }) => readTurn(text));
  const last = turns.at(-1);
  if (last === undefined) return `Hello, I am ${me}. What would you like to talk about?`;
  const own = turns.filter(({ speaker }) => speaker === last.speaker).map(({ text }) => text);
  if (/\b(?:your name|who are you)\b/iu.test(last.text)) return `I am ${me}. Nice to meet you.`;
  if (/\bwhat did I (?:just )?say\b/iu.test(last.text)) return repeat(own.at(-2));
  const subject = askedFor(last.text);
  return subject === undefined
    ? acknowledge(last.text, own.length)
    : recall(subject, messages, own);
}

interface Turn {
  readonly speaker: string | undefined;
  readonly text: string;
}

function readTurn(text: string): Turn {
  const [, speaker, rest] = /^([^\s:][^:\n]{0,63}): (.*)$/su.exec(text) ?? [];
  return rest === undefined ? { speaker: undefined, text } : { speaker, text: rest };
}

/** "my favourite colour" of "what is my favourite colour?"; "name" of "who am I?". */
function askedFor(text: string): string | undefined {
  if (/\bwho am I\b/iu.test(text)) return 'name';
  const asked =
    /\b(?:what(?:'s|’s| is| are| was)|remember|know|tell me) my (\p{L}[\p{L} ]{0,30}?)(?: is| was)?\s*(?:[?.!]|$)/iu;
  return asked.exec(text)?.[1]?.toLowerCase();
}

function recall(subject: string, messages: readonly Message[], own: readonly string[]): string {
  const kept = messages.filter(isInstruction);
  const told = own.map((text) => ({ role: 'user', text }));
  const value = knownFacts([...kept, ...told]).get(subject);
  return value === undefined
    ? `You have not told me your ${subject}. What is it?`
    : `Your ${subject} is ${value}. I remember that you told me.`;
}

function repeat(text: string | undefined): string {
  return text === undefined
    ? 'This is the first thing that you say to me. Please go on.'
    : `Before this you said "${quote(text)}". I was listening.`;
}

function acknowledge(text: string, count: number): string {
  return `I heard you say "${quote(text)}". That makes ${count} from you so far. What else is on your mind?`;
}

/** Short, and without the marks that would end the sentence around it. */
function quote(text: string): string {
  return text
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[.!?…]/gu, '')
    .trim()
    .slice(0, 80);
}

function ownName(messages: readonly Message[]): string {
  const named = /\b(?:[Yy]our name is|[Yy]ou are|[Yy]ou're) (\p{Lu}[\p{L}'’-]*)/u;
  for (const message of messages) {
    const name = isInstruction(message) ? named.exec(message.text)?.[1] : undefined;
    if (name !== undefined) return name;
  }
  return 'an assistant';
}

import type { Message } from './check-messages.ts';

/**
 * What people told about themselves ("my name is Ada", "I am Ada", "call me Ada"), by subject in
 * lower case; also what an earlier summary kept of it ("the user's name is Ada"). The latest wins.
 */
export function knownFacts(messages: readonly Message[]): Map<string, string> {
  const facts = new Map<string, string>();
  for (const { role, text } of messages) {
    if (role === 'assistant') continue;
    for (const [, subject, value] of text.matchAll(role === 'user' ? TOLD : KEPT)) {
      if (subject !== undefined && value !== undefined) facts.set(subject.toLowerCase(), value);
    }
    if (role !== 'user') continue;
    for (const [, name] of text.matchAll(NAMED)) if (name !== undefined) facts.set('name', name);
  }
  return facts;
}

/** The value ends at punctuation or where a new clause begins. */
const VALUE = String.raw`(?:is|are) ((?:(?!\s(?:and|but|so)\b)[^.,;:!?\n"”]){1,60})`;
const TOLD = new RegExp(String.raw`\b(?:my|the user's) (\p{L}[\p{L} ]{0,30}?) ${VALUE}`, 'giu');
const KEPT = new RegExp(String.raw`\bthe user's (\p{L}[\p{L} ]{0,30}?) ${VALUE}`, 'giu');
const NAMED = /\b(?:I am|I'm|I’m|[Cc]all me) (\p{Lu}[\p{L}'’-]*)/gu;

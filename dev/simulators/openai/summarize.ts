import { isInstruction, type Message } from './check-messages.ts';
import { knownFacts } from './known-facts.ts';

/** Whether an instruction asks for a summary; one that merely mentions a summary does not. */
export function isSummaryRequest(messages: readonly Message[]): boolean {
  return messages.some((message) => isInstruction(message) && ASKS.test(message.text));
}

/** Short, the same for the same messages, and in words that {@link knownFacts} understands. */
export function summarize(messages: readonly Message[]): string {
  const facts = [...knownFacts(messages)].map(([what, value]) => `The user's ${what} is ${value}.`);
  const talk = messages.filter((message) => !isInstruction(message));
  const opening = (talk[0]?.text ?? '').replaceAll(/\s+/gu, ' ').trim().slice(0, 80);
  return [...facts, `The talk began with: ${opening}`].join(' ');
}

const ASKS =
  /(?:^|[.!?:]\s+|\b(?:you|to|and|please)\s+)(?:summari[sz]e|condense)\b|\b(?:write|give|produce|update|make|create|return)\b[^.!?\n]{0,60}\bsummary\b/imu;

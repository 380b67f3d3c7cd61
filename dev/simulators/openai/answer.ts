import { isInstruction, type Message } from './check-messages.ts';
import { converse } from './converse.ts';
import type { ReplyRule } from './settings.ts';
import { isSummaryRequest, summarize } from './summarize.ts';

/** What the model says, and its pace where a rule sets one. */
export interface Answer {
  readonly text: string;
  readonly pace?: ReplyRule['pace'];
}

/** The first rule that fits, else a summary if one is asked for, else small talk that remembers. */
export function chooseAnswer(rules: readonly ReplyRule[], messages: readonly Message[]): Answer {
  const rule = rules.find((rule) => fits(rule, messages));
  if (rule !== undefined) return { text: rule.reply, pace: rule.pace };
  return { text: isSummaryRequest(messages) ? summarize(messages) : converse(messages) };
}

function fits(rule: ReplyRule, messages: readonly Message[]): boolean {
  const { character, says, pattern } = rule;
  const said = messages.findLast(({ role }) => role === 'user')?.text ?? '';
  return (
    (character === undefined ||
      messages.some((message) => isInstruction(message) && contains(message.text, character))) &&
    (says === undefined || contains(said, says)) &&
    (pattern === undefined || new RegExp(pattern, 'iu').test(said))
  );
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

import { estimateTokens, unansweredOf } from './context.ts';
import type { ContextMessage } from './context.ts';

/** What of a context is to be summarized. */
export interface Compaction {
  /** The oldest messages, a former summary among them. */
  readonly oldest: readonly ContextMessage[];
}

/** Messages that stay whatever they weigh: the model needs the last exchange word by word. */
const STAY = 6;

/**
 * Which messages have to go so that the rest weighs half of `budgetTokens`; `undefined` while the
 * whole is within it. The cut lies before a user's turn, never between a turn and its answer, and
 * before the first turn that is still owed one.
 */
export function planCompaction(
  messages: readonly ContextMessage[],
  budgetTokens: number,
): Compaction | undefined {
  const weights = messages.map(({ text }) => estimateTokens(text));
  let left = weights.reduce((sum, weight) => sum + weight, 0);
  if (left <= budgetTokens) return undefined;
  let count = 0;
  const [owed] = unansweredOf(messages);
  const firstOwed = owed === undefined ? messages.length : messages.indexOf(owed);
  const most = Math.min(messages.length - STAY, firstOwed);
  while (count < most && (left > budgetTokens / 2 || messages[count]?.role !== 'user')) {
    left -= weights[count] ?? 0;
    count += 1;
  }
  return count <= 1 ? undefined : { oldest: messages.slice(0, count) };
}

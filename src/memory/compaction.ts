import { estimateTokens } from './context.ts';
import type { ContextMessage } from './context.ts';

/** What of a context is to be summarized. */
export interface Compaction {
  /** The oldest messages, a former summary among them. */
  readonly oldest: readonly ContextMessage[];
}

/** Messages that stay whatever they weigh: the model needs the last exchange word by word. */
const STAY = 6;
/** What a message weighs beside its text, in tokens: thousands of one-word lines are no trifle. */
const FRAME = 4;

/**
 * Which messages have to go so that the rest weighs half of `budgetTokens`; `undefined` while the
 * whole is within it, or where nothing may go. The cut lies before a user's turn and never behind
 * one that is still owed an answer. It parts no turn from its answer, unless turns and answers
 * overlap for so long that the rest would not come down to the budget otherwise.
 */
export function planCompaction(
  messages: readonly ContextMessage[],
  budgetTokens: number,
): Compaction | undefined {
  const rests = weighRests(messages);
  if ((rests[0] ?? 0) <= budgetTokens) return undefined;
  const restAt = (cut: number): number => rests[cut] ?? 0;
  const pick = (cuts: readonly number[]): number | undefined =>
    cuts.find((cut) => restAt(cut) <= budgetTokens / 2) ??
    cuts.findLast((cut) => restAt(cut) <= budgetTokens);
  const { clean, all } = findCuts(messages);
  const cut = pick(clean) ?? pick(all) ?? all.at(-1);
  return cut === undefined ? undefined : { oldest: messages.slice(0, cut) };
}

/** What is left, in tokens, when the cut lies before each message. */
function weighRests(messages: readonly ContextMessage[]): readonly number[] {
  const weights = messages.map(({ text }) => estimateTokens(text) + FRAME);
  let rest = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => {
    rest -= weight;
    return rest + weight;
  });
}

/**
 * Where a cut may lie, oldest first: `clean` parts no turn from its answer. One message alone is not
 * worth a summary: it may be one.
 */
function findCuts(messages: readonly ContextMessage[]): {
  readonly clean: readonly number[];
  readonly all: readonly number[];
} {
  const answeredAt = new Map<string, number>();
  messages.forEach((one, at) => {
    if (one.role === 'assistant') one.answers.forEach((id) => answeredAt.set(id, at));
  });
  const [clean, all]: [number[], number[]] = [[], []];
  let answeredUntil = -1;
  for (const [at, one] of messages.slice(0, 1 - STAY).entries()) {
    if (one.role !== 'user') continue;
    if (at > 1) all.push(at);
    if (at > 1 && at > answeredUntil) clean.push(at);
    const answer = answeredAt.get(one.id);
    if (one.addressed && answer === undefined) break;
    answeredUntil = Math.max(answeredUntil, answer ?? at);
  }
  return { clean, all };
}

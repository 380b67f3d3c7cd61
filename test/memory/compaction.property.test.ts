import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { planCompaction } from '../../src/memory/compaction.ts';
import { estimateTokens, unansweredOf } from '../../src/memory/context.ts';
import type { ContextMessage } from '../../src/memory/context.ts';
import { answered, said } from '../contract/memory-world.ts';

const KEPT = 6;
const FRAME = 4;

/** Any talk: turns, asides, answers to one or several of the open turns, words that nobody asked for. */
const talks = fc
  .array(fc.tuple(fc.constantFrom('turn', 'aside', 'answer', 'greeting'), fc.nat(200)), {
    maxLength: 60,
  })
  .map((steps) => {
    const messages: ContextMessage[] = [];
    for (const [at, [kind, length]] of steps.entries()) {
      const text = 'x'.repeat(length);
      const open = unansweredOf(messages).map(({ id }) => id);
      if (kind === 'turn' || kind === 'aside') {
        messages.push({ ...said(text, `m${at}`), addressed: kind === 'turn' });
      } else {
        const answers = kind === 'answer' ? open.slice(0, 1 + (length % 3)) : [];
        messages.push({ ...answered(text, ...answers), id: `m${at}` });
      }
    }
    return messages;
  });

const budgets = fc.integer({ min: 50, max: 1_000 });

function weight(messages: readonly ContextMessage[]): number {
  return messages.reduce((sum, { text }) => sum + estimateTokens(text) + FRAME, 0);
}

/** Whether a cut before `at` parts no turn from its answer. */
function isClean(messages: readonly ContextMessage[], at: number): boolean {
  const gone = new Set(messages.slice(0, at).map(({ id }) => id));
  return messages
    .slice(at)
    .every((one) => one.role !== 'assistant' || !one.answers.some((id) => gone.has(id)));
}

/** Every place where a cut may lie. */
function cutsOf(messages: readonly ContextMessage[]): readonly number[] {
  const [owed] = unansweredOf(messages);
  const most = Math.min(messages.length - KEPT, owed ? messages.indexOf(owed) : Infinity);
  return [...messages.keys()].filter((at) => at > 1 && at <= most && messages[at]?.role === 'user');
}

it('whatever was said, only what may go goes, and the rest is within the budget where it can be', () => {
  const check = fc.property(talks, budgets, (messages, budget) => {
    const plan = planCompaction(messages, budget);
    const cuts = cutsOf(messages);
    if (weight(messages) <= budget || cuts.length === 0) {
      expect(plan).toBeUndefined();
      return;
    }
    const cut = plan?.oldest.length ?? 0;
    expect(plan?.oldest).toEqual(messages.slice(0, cut));
    expect(cuts).toContain(cut);
    const rest = (at: number): number => weight(messages.slice(at));
    const clean = cuts.filter((at) => isClean(messages, at));
    if (clean.some((at) => rest(at) <= budget)) expect(isClean(messages, cut)).toBe(true);
    if (cuts.some((at) => rest(at) <= budget)) expect(rest(cut)).toBeLessThanOrEqual(budget);
    // What half of the budget holds is not summarized.
    const before = clean.filter((at) => at < cut);
    if (isClean(messages, cut)) expect(before.every((at) => rest(at) > budget / 2)).toBe(true);
  });
  fc.assert(check, { numRuns: 2_000 });
});

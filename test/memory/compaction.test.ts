import { describe, expect, it } from 'vitest';
import { planCompaction } from '../../src/memory/compaction.ts';
import type { ContextMessage } from '../../src/memory/context.ts';
import { answered, said } from '../contract/memory-world.ts';

/** A text of so many tokens, what a message weighs beside it taken off. */
function weighing(tokens: number): string {
  return 'x'.repeat((tokens - 4) * 4);
}

/** `count` turns, each with its answer, every message of so many tokens. */
function talk(count: number, tokens: number): readonly ContextMessage[] {
  return Array.from({ length: count }, (_none, at) => [
    said(weighing(tokens), `u${at}`),
    { ...answered(weighing(tokens), `u${at}`), id: `a${at}` },
  ]).flat();
}

function oldest(
  messages: readonly ContextMessage[],
  budget: number,
): readonly string[] | undefined {
  return planCompaction(messages, budget)?.oldest.map(({ id }) => id);
}

describe('compaction', () => {
  it('leaves a context alone that is within the budget', () => {
    expect(planCompaction([], 100)).toBeUndefined();
    expect(planCompaction(talk(10, 50), 1_000)).toBeUndefined();
  });

  it('brings one beyond it down to half of it', () => {
    const plan = planCompaction(talk(10, 50), 999);
    expect(plan?.oldest).toHaveLength(12);
  });

  it('cuts before a turn, so that the summary ends with an answer', () => {
    const aside = { ...said(weighing(70), 'aside'), addressed: false };
    expect(oldest([aside, ...talk(10, 50)], 1_000)?.at(-1)).toBe('a4');
    expect(oldest([aside, aside, ...talk(10, 50)], 1_000)?.at(-1)).toBe('a4');
  });

  it('keeps the last six messages, however heavy they are', () => {
    expect(oldest(talk(5, 400), 1_000)).toEqual(['u0', 'a0', 'u1', 'a1']);
    expect(planCompaction(talk(3, 400), 1_000)).toBeUndefined();
  });

  it('keeps a turn that is still owed an answer, and all behind it', () => {
    const [first, second, ...rest] = talk(10, 50);
    const owed = said('and?', 'owed');
    expect(oldest([first!, second!, owed, ...rest], 500)).toEqual(['u0', 'a0']);
    const aside = { ...owed, addressed: false };
    expect(oldest([first!, second!, aside, ...rest], 500)?.length).toBeGreaterThan(2);
  });

  it('does not part a turn from an answer that came after the next turn', () => {
    const messages = [
      said('one', 'u1'),
      said('two', 'u2'),
      answered(weighing(600), 'u1'),
      answered('both', 'u2'),
      ...talk(3, 50),
    ];
    expect(oldest(messages, 800)).toHaveLength(4);
  });

  it('parts them where turns and answers overlap without an end', () => {
    const answers = (at: number) => ({ ...answered(weighing(50), `u${at}`), id: `a${at}` });
    const overlapping = Array.from({ length: 20 }, (_none, at) => [
      said(weighing(50), `u${at}`),
      ...(at > 0 ? [answers(at - 1)] : []),
    ]).flat();
    const plan = planCompaction([...overlapping, answers(19)], 1_000);
    expect(plan?.oldest.length).toBeGreaterThan(20);
  });

  it('does not summarize a summary alone', () => {
    const summary = { role: 'summary', id: 's', text: weighing(900), at: 0 } as const;
    expect(planCompaction([summary, ...talk(3, 50)], 1_000)).toBeUndefined();
    expect(oldest([summary, ...talk(4, 50)], 1_000)).toEqual(['s', 'u0', 'a0']);
  });

  it('counts short lines too', () => {
    const asides = Array.from({ length: 500 }, (_none, at) => ({
      ...said('k', `u${at}`),
      addressed: false,
    }));
    expect(planCompaction(asides, 2_000)?.oldest.length).toBeGreaterThan(250);
  });
});

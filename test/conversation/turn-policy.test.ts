import { describe, expect, it } from 'vitest';
import { initialState } from '../../src/conversation/state.ts';
import type { ConversationPolicy } from '../../src/conversation/state.ts';
import { withPerson } from '../../src/conversation/roster.ts';
import { isAddressed } from '../../src/conversation/turn-policy.ts';
import { ANN, BEN, EGRESS, RULES } from '../support/timeline.ts';

type Addressing = ConversationPolicy['addressing'];

describe('a turn is for the bot', () => {
  it.each<[rule: Addressing['rule'], others: number, text: string, addressed: boolean]>([
    ['auto', 1, 'what time is it?', true],
    ['auto', 2, 'what time is it?', false],
    ['auto', 2, 'what time is it, Mia?', true],
    ['auto', 2, 'does anybody know?', true],
    ['auto', 2, 'ask the helper', true],
    ['always', 2, 'what time is it?', true],
    ['named', 1, 'what time is it?', false],
    ['named', 1, 'Mia?', true],
  ])('by rule %s with %i humans: %s -> %s', (rule, others, text, addressed) => {
    const addressing = { rule, names: ['Helper'], phrases: ['does anybody know'] };
    const people = others === 1 ? [ANN, EGRESS] : [ANN, BEN, EGRESS];
    expect(judge(people, text, { addressing })).toBe(addressed);
  });

  it('of somebody who writes before they are seen to come', () => {
    expect(judge([], 'hello', {})).toBe(true);
    expect(judge([BEN], 'hello', {})).toBe(false);
  });
});

function judge(
  people: readonly (typeof ANN)[],
  text: string,
  rules: Partial<ConversationPolicy>,
): boolean {
  const policy = { ...RULES, ...rules };
  const state = people.reduce(
    (before, person) => withPerson(before, person, 0, policy),
    initialState(0),
  );
  return isAddressed(state, { speaker: ANN.identity, text }, policy);
}

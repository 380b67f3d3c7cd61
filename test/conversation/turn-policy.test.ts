import { describe, expect, it } from 'vitest';
import { initialState } from '../../src/conversation/state.ts';
import type { ConversationPolicy, ConversationState } from '../../src/conversation/state.ts';
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

describe('whom the bot has just answered', () => {
  const answered = { speakers: ['ann'], at: 1_000 };

  it.each([
    ['and tomorrow?', 5_000, true],
    ['明日はどうですか。', 5_000, true],
    ['and tomorrow?', 12_000, false],
    ['that is good to know.', 5_000, false],
    ['Ben, are you coming?', 5_000, false],
  ])('says %s at %i: %s', (text, at, addressed) => {
    expect(judge([ANN, BEN], text, {}, { lastAnswer: answered, at })).toBe(addressed);
  });

  it('is nobody else, and needs a name where the character wants one', () => {
    const others = { lastAnswer: { speakers: ['ben'], at: 1_000 }, at: 2_000 };
    expect(judge([ANN, BEN], 'and tomorrow?', {}, others)).toBe(false);
    const named = { addressing: { rule: 'named', names: [], phrases: [] } } as const;
    const mine = { lastAnswer: answered, at: 2_000 };
    expect(judge([ANN, BEN], 'and tomorrow?', named, mine)).toBe(false);
  });
});

function judge(
  people: readonly (typeof ANN)[],
  text: string,
  rules: Partial<ConversationPolicy>,
  { lastAnswer, at = 0 }: Partial<Pick<ConversationState, 'lastAnswer'>> & { at?: number } = {},
): boolean {
  const policy = { ...RULES, ...rules };
  const state = people.reduce(
    (before, person) => withPerson(before, person, 0, policy),
    initialState(0),
  );
  return isAddressed({ ...state, lastAnswer }, { speaker: ANN.identity, text, at }, policy);
}

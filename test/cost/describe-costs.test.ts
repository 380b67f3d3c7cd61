import { expect, it } from 'vitest';
import { describeCosts } from '../../src/cost/describe-costs.ts';
import type { UsageSum } from '../../src/ports/usage-store.ts';

const NOTHING = { promptTokens: 0, completionTokens: 0, characters: 0, audioMs: 0, unpriced: 0 };

it('lays usage out in columns, with the total and with what has no price', () => {
  const sums: readonly UsageSum[] = [
    {
      ...NOTHING,
      group: '2026-11',
      kind: 'llm',
      provider: 'openrouter',
      model: 'a/b',
      calls: 3,
      promptTokens: 1_200,
      completionTokens: 80,
      cost: 0.00012,
    },
    {
      ...NOTHING,
      group: '2026-11',
      kind: 'stt',
      provider: 'gladia',
      model: undefined,
      calls: 2,
      audioMs: 90_000,
      cost: 1.5,
    },
    {
      ...NOTHING,
      group: '2026-12',
      kind: 'tts',
      provider: 'acme',
      model: undefined,
      calls: 4,
      unpriced: 4,
      characters: 70,
      audioMs: 6_000,
      cost: 0,
    },
  ];
  expect(describeCosts('month', sums).split('\n')).toEqual([
    'month    who             model  calls  took                    USD',
    '2026-11  llm openrouter  a/b    3      1200 + 80 tokens        0.0001',
    '2026-11  stt gladia             2      1.5 min                 1.5000',
    '2026-12  tts acme               4      70 characters, 0.1 min  0.0000',
    'total: 1.5001 USD',
    'not priced: 4 calls of tts acme; add them to the file of PRICES_FILE',
  ]);
});

it('says that there is nothing', () => {
  expect(describeCosts('hour', [])).toBe('no usage was recorded');
});

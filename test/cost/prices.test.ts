import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPrices } from '../../src/cost/prices.ts';
import type { ProviderCall } from '../../src/ports/meter.ts';

const FILE = {
  prices: [
    { kind: 'llm', provider: 'openai', perMillionPromptTokens: 1, perMillionCompletionTokens: 2 },
    {
      kind: 'llm',
      provider: 'openai',
      model: 'small',
      perMillionPromptTokens: 0.1,
      perMillionCompletionTokens: 0.2,
    },
    { kind: 'stt', provider: 'gladia', perHourOfAudio: 0.6 },
    { kind: 'tts', provider: 'cartesia', perMillionCharacters: 40 },
  ].map((price) => ({ ...price, source: 'a test', asOf: '2026-11-29' })),
};

const prices = readPrices(JSON.stringify(FILE));
const course = { outcome: 'done', startedAt: 0, tookMs: 1 } as const;

describe('a call costs', () => {
  it.each<[string, Partial<ProviderCall>, number | undefined]>([
    [
      'by its model',
      {
        kind: 'llm',
        provider: 'openai',
        model: 'small',
        promptTokens: 3e6,
        completionTokens: 1e6,
      },
      0.5,
    ],
    [
      'as its provider’s others',
      { kind: 'llm', provider: 'openai', model: 'new', promptTokens: 1e6, completionTokens: 1e6 },
      3,
    ],
    ['by sound', { kind: 'stt', provider: 'gladia', audioMs: 1_800_000 }, 0.3],
    ['by characters', { kind: 'tts', provider: 'cartesia', characters: 50_000, audioMs: 9 }, 2],
    ['what its provider says', { kind: 'llm', provider: 'openai', cost: 0.7 }, 0.7],
    [
      'a second model like its vendor’s first',
      { kind: 'llm', provider: 'openai-2', promptTokens: 1e6, completionTokens: 1e6 },
      3,
    ],
    ['nothing that is known', { kind: 'llm', provider: 'another', promptTokens: 5 }, undefined],
    ['nothing that is known of this kind', { kind: 'tts', provider: 'gladia' }, undefined],
  ])('%s', (_how, call, cost) => {
    const priced = prices.of({ ...course, ...call } as ProviderCall);
    expect(priced).toEqual(cost === undefined ? undefined : expect.closeTo(cost, 9));
  });
});

it('reads the prices that come with the product, each with its source and date', () => {
  const shipped = readPrices(readFileSync('src/cost/prices.json', 'utf8'));
  const call = { kind: 'stt', provider: 'deepgram', audioMs: 3_600_000, ...course } as const;
  expect(shipped.of(call)).toBeGreaterThan(0);
});

describe('a file of prices', () => {
  it.each([
    ['that is no JSON', '{', 'the file of prices is no JSON'],
    ['without a list', '{}', 'prices: '],
    ['with a price below zero', { perHourOfAudio: -1 }, 'prices.0.perHourOfAudio: '],
    ['with a price of another kind', { perMillionCharacters: 1 }, 'prices.0'],
    ['with no date', { asOf: 'today' }, 'prices.0.asOf: '],
  ])('%s is refused', (_how, wrong, told) => {
    const entry = { kind: 'stt', provider: 'gladia', perHourOfAudio: 1, source: 's' };
    const one = { ...entry, asOf: '2026-11-29', ...(typeof wrong === 'object' && wrong) };
    const file = typeof wrong === 'string' ? wrong : JSON.stringify({ prices: [one] });
    expect(() => readPrices(file)).toThrow(told);
  });
});

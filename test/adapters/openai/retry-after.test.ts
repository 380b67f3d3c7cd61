import { expect, it, vi } from 'vitest';
import { retryAfterOf } from '../../../src/adapters/openai/retry-after.ts';

it.each([
  [{ 'retry-after': '2' }, 2_000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '1.5' }, 1_500],
  [{ 'retry-after': '2', 'retry-after-ms': '120' }, 120],
  [{ 'retry-after': '2', 'retry-after-ms': 'soon' }, 2_000],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:05 GMT' }, 5_000],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:27:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{ 'retry-after': '-1e3' }, undefined],
  [{}, undefined],
])('%j asks for %s ms', (headers, expected) => {
  vi.useFakeTimers({ now: Date.UTC(2026, 9, 21, 7, 28), toFake: ['Date'] });
  expect(retryAfterOf(new Headers(headers as Record<string, string>))).toBe(expected);
  vi.useRealTimers();
});

it('nothing is asked for where there are no headers', () => {
  expect(retryAfterOf(undefined)).toBeUndefined();
});

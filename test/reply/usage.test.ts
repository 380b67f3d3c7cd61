import { expect, it } from 'vitest';
import { openBooks } from '../../src/reply/usage.ts';
import type { ReplyBooks } from '../../src/reply/usage.ts';
import { openHandClock } from '../support/hand-clock.ts';
import type { HandClock } from '../support/hand-clock.ts';

function open(): { clock: HandClock; books: ReplyBooks } {
  const clock = openHandClock();
  clock.pass(5_000);
  const prompt = [{ role: 'user', content: 'x'.repeat(400) }] as const;
  return { clock, books: openBooks(clock, { id: 'r', model: 'm', prompt }) };
}

it('keeps when each stage was reached', () => {
  const { clock, books } = open();
  clock.pass(120.4);
  books.readEvent({ type: 'text-delta', text: 'Hi.' });
  clock.pass(30);
  books.readEvent({ type: 'text-delta', text: ' Bye.' });
  books.audible();
  clock.pass(50);
  books.heard();
  expect(books.close('finished')).toEqual({
    id: 'r',
    at: 5_200.4,
    outcome: 'finished',
    model: 'm',
    promptTokens: 100,
    completionTokens: 2,
    firstTokenMs: 120,
    firstSegmentMs: 150,
    durationMs: 200,
  });
});

it('bills what the provider tells, in its last word', () => {
  const { books } = open();
  books.readEvent({ type: 'text-delta', text: 'Hi.' });
  books.readEvent({ type: 'usage', usage: { promptTokens: 1, completionTokens: 1, cost: 1 } });
  books.readEvent({ type: 'finished', reason: 'stop' });
  books.readEvent({ type: 'usage', usage: { promptTokens: 90, completionTokens: 3, cost: 2e-6 } });
  expect(books.close('finished')).toMatchObject({
    promptTokens: 90,
    completionTokens: 3,
    cost: 2e-6,
  });
});

it('estimates what a cut reply cost: nobody tells', () => {
  const { books } = open();
  books.readEvent({ type: 'text-delta', text: '緑茶です。' });
  books.audible();
  const record = books.close('interrupted');
  expect(record).toMatchObject({ promptTokens: 100, completionTokens: 5, outcome: 'interrupted' });
  expect(record).not.toHaveProperty('cost');
  expect(record).not.toHaveProperty('firstSegmentMs');
});

it('leaves out what was never reached', () => {
  const record = open().books.close('failed');
  expect(record).not.toHaveProperty('firstTokenMs');
  expect(record).toMatchObject({ completionTokens: 0, durationMs: 0, outcome: 'failed' });
});

import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { openHandClock } from '../support/hand-clock.ts';

it('tells a time that never goes back, and the wall’s', () => {
  const before = systemClock.monotonicMs();
  expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(before);
  expect(systemClock.wallMs()).toBeGreaterThan(Date.UTC(2025, 0));
});

it('runs once what comes after, unless it is disposed before', async () => {
  const ran: string[] = [];
  systemClock.after(1, () => ran.push('kept'));
  const dropped = systemClock.after(1, () => ran.push('dropped'));
  dropped[Symbol.dispose]();
  dropped[Symbol.dispose]();
  await systemClock.delay(5);
  expect(ran).toEqual(['kept']);
});

it('a delay ends with its signal, at once or when it aborts, and leaves no listener', async () => {
  const owner = new AbortController();
  const clock = openHandClock();
  const done = clock.delay(10, owner.signal);
  clock.pass(10);
  await expect(done).resolves.toBeUndefined();
  expect(getEventListeners(owner.signal, 'abort')).toEqual([]);

  const cut = clock.delay(10, owner.signal);
  owner.abort(new Error('gone'));
  await expect(cut).rejects.toThrow('gone');
  await expect(systemClock.delay(10, owner.signal)).rejects.toThrow('gone');
});

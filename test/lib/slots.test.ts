import { expect, it } from 'vitest';
import { makeSlots } from '../../src/lib/slots.ts';
import { openHandClock, settled } from '../support/hand-clock.ts';

const NEVER = new AbortController().signal;

it('gives out so many, and the next ones in turn as they come back', async () => {
  const clock = openHandClock();
  const slots = makeSlots(clock, 1);
  const first = await slots.take(100, NEVER);
  const got: string[] = [];
  const wait = async (name: string): Promise<void> => {
    using slot = await slots.take(100, NEVER);
    got.push(slot === undefined ? `${name} has none` : name);
  };
  const [second, third] = [wait('second'), wait('third')];
  await settled();
  expect(got).toEqual([]);
  first?.[Symbol.dispose]();
  first?.[Symbol.dispose]();
  await Promise.all([second, third]);
  expect(got).toEqual(['second', 'third']);
  expect(clock.timers()).toBe(0);
});

it('lets nobody wait for longer than they want, and loses no slot by it', async () => {
  const clock = openHandClock();
  const slots = makeSlots(clock, 1);
  const first = await slots.take(100, NEVER);
  const [late, gone] = [new AbortController(), new AbortController()];
  const waiting = [slots.take(100, late.signal), slots.take(1_000, gone.signal)];
  await clock.live(100);
  gone.abort(new Error('gone'));
  expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
  first?.[Symbol.dispose]();
  expect(await slots.take(0, NEVER)).toBeDefined();
});

it('gives a slot back that came in the tick in which its owner left', async () => {
  const clock = openHandClock();
  const slots = makeSlots(clock, 1);
  const first = await slots.take(100, NEVER);
  const owner = new AbortController();
  const waiting = slots.take(1_000, owner.signal);
  await settled();
  owner.abort(new Error('gone'));
  first?.[Symbol.dispose]();
  (await waiting)?.[Symbol.dispose]();
  expect(await slots.take(0, NEVER)).toBeDefined();
});

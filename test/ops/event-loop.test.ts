import { expect, it } from 'vitest';
import { watchEventLoop } from '../../src/ops/event-loop.ts';
import { openHandClock } from '../support/hand-clock.ts';

it('turns while its beats come in time, and after one stall, however long', () => {
  const clock = openHandClock();
  using loop = watchEventLoop(clock);
  clock.pass(60_000);
  clock.stall(600_000);
  clock.pass(0);
  expect(loop.turns()).toBe(true);
});

it('turns no more once every beat is late, until it is in time again', () => {
  const clock = openHandClock();
  using loop = watchEventLoop(clock);
  const crawl = (beats: number): void => {
    for (let at = 0; at < beats; at += 1) {
      clock.stall(2_000);
      clock.pass(0);
    }
  };
  crawl(9);
  expect(loop.turns()).toBe(true);
  crawl(1);
  expect(loop.turns()).toBe(false);
  clock.pass(1_000);
  expect(loop.turns()).toBe(true);
  crawl(9);
  expect(loop.turns()).toBe(true);
});

it('leaves no timer behind', () => {
  const clock = openHandClock();
  const loop = watchEventLoop(clock);
  clock.pass(5_000);
  loop[Symbol.dispose]();
  expect(clock.timers()).toBe(0);
});

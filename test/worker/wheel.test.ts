import { expect, it } from 'vitest';
import { runWheel } from '../../src/worker/wheel.ts';
import { openHandClock } from '../support/hand-clock.ts';

it('turns at the pace that each turn sets, survives one that throws, and ends with its signal', async () => {
  const clock = openHandClock();
  const told: unknown[] = [];
  const turns: number[] = [];
  const controller = new AbortController();
  const turn = (): number => {
    turns.push(clock.monotonicMs());
    if (turns.length === 2) throw new Error('a defect');
    return turns.length * 100;
  };
  const deps = { clock, observe: (observation: object) => void told.push(observation) };
  const wheel = runWheel(deps, 50, turn, controller.signal);
  await clock.live(600);
  expect(turns).toEqual([50, 150, 250, 550]);
  expect(told).toEqual([{ type: 'unexpected-error', error: new Error('a defect') }]);
  controller.abort();
  await wheel;
  await clock.live(10_000);
  expect(turns).toHaveLength(4);
  expect(clock.timers()).toBe(0);
});

it('does one turn at a time, however long it takes', async () => {
  const clock = openHandClock();
  let turns = 0;
  const turn = async (): Promise<number> => {
    turns += 1;
    await clock.delay(1_000);
    return 10;
  };
  void runWheel({ clock, observe: () => undefined }, 10, turn, new AbortController().signal);
  await clock.live(1_015);
  expect(turns).toBe(1);
  await clock.live(10);
  expect(turns).toBe(2);
});

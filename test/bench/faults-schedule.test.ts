import { assert, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KIND_NAMES, kindOf } from '../../bench/faults/kinds.ts';
import { downUntilMs, EVERY_MS, laneOf, planFaults } from '../../bench/faults/schedule.ts';
import type { Plan, PlannedFault } from '../../bench/faults/schedule.ts';

const plans = record<Plan>({
  seed: integer({ min: 1, max: 2 ** 31 }),
  faults: integer({ min: 1, max: 150 }),
  workers: integer({ min: 2, max: 5 }),
});

describe('a schedule of faults', () => {
  it('is the same for the same plan, and another for another seed', () => {
    assert(
      property(plans, (plan) => {
        expect(planFaults(plan)).toEqual(planFaults(plan));
        const other = planFaults({ ...plan, seed: plan.seed + 1 });
        if (plan.faults > 5) expect(other).not.toEqual(planFaults(plan));
      }),
    );
  });

  it('has as many faults as were asked for, in order, at the pace that is set', () => {
    assert(
      property(plans, (plan) => {
        const planned = planFaults(plan);
        expect(planned.map(({ id }) => id)).toEqual(planned.map((_one, at) => at + 1));
        const gaps = planned.map(({ atMs }, at) => atMs - (planned[at - 1]?.atMs ?? 0));
        for (const gap of gaps) {
          expect(gap).toBeGreaterThanOrEqual(0.4 * EVERY_MS);
          expect(gap).toBeLessThanOrEqual(1.6 * EVERY_MS);
        }
      }),
    );
  });

  it('heals every fault, within the time of its kind, and strikes only who is there', () => {
    assert(
      property(plans, (plan) => {
        for (const { kind, atMs, untilMs, worker = 0, path } of planFaults(plan)) {
          const [least, most] = kindOf(kind).lasts;
          expect(untilMs - atMs).toBeGreaterThanOrEqual(least);
          expect(untilMs - atMs).toBeLessThanOrEqual(most);
          expect(worker).toBeLessThan(plan.workers);
          expect(path !== undefined).toBe(kindOf(kind).target === 'path');
        }
      }),
    );
  });

  it('never has two faults on one lane at a time', () => {
    assert(
      property(plans, (plan) => {
        const lanes = Map.groupBy(
          planFaults(plan).filter(({ kind }) => kind !== 'bad-message'),
          laneOf,
        );
        for (const lane of lanes.values()) {
          lane.forEach(({ atMs }, at) =>
            expect(atMs).toBeGreaterThanOrEqual(lane[at - 1]?.untilMs ?? 0),
          );
        }
      }),
    );
  });

  it('leaves at least one worker up at every moment', () => {
    assert(
      property(plans, (plan) => {
        const planned = planFaults(plan);
        for (const { atMs } of planned) {
          expect(downAt(planned, atMs).size).toBeLessThan(plan.workers);
        }
      }),
    );
  });

  it('draws every kind in a long run', () => {
    const kinds = new Set(
      planFaults({ seed: 7, faults: 1_000, workers: 4 }).map(({ kind }) => kind),
    );
    expect([...kinds].toSorted()).toEqual(KIND_NAMES.toSorted());
  });
});

function downAt(planned: readonly PlannedFault[], at: number): ReadonlySet<number | undefined> {
  const down = planned.filter((one) => one.atMs <= at && (downUntilMs(one) ?? 0) > at);
  return new Set(down.map(({ worker }) => worker));
}

import { describe, expect, it } from 'vitest';
import { makeAgenda } from '../../bench/fleet-sim/agenda.ts';
import { makeAutoscaler } from '../../bench/fleet-sim/autoscaler.ts';
import { makeCounter } from '../../bench/fleet-sim/counter.ts';
import { burst, daily, deploy, steady, thunderingReturn } from '../../bench/fleet-sim/curves.ts';
import type { Curve } from '../../bench/fleet-sim/curves.ts';
import { makeRandom, meanOf } from '../../bench/fleet-sim/random.ts';
import { HPA_SCALE_UP, PROPOSED } from '../../bench/fleet-sim/settings.ts';
import type { Autoscaling, FleetSettings } from '../../bench/fleet-sim/settings.ts';
import { simulate } from '../../bench/fleet-sim/simulate.ts';

const CURVES: readonly Curve[] = [
  steady(1, 60),
  deploy(1, 60),
  burst(1, 40, 300),
  thunderingReturn(1, 80),
  { ...daily(1, 5, 60), untilS: 8 * 3_600 },
];

describe('a simulated fleet', () => {
  it.each(CURVES)('loses no room: $name', (curve) => {
    for (const settings of [PROPOSED, scaled({ minPods: 0, scaleDown: AT_ONCE }), small(1)]) {
      const { totals } = simulate(curve, settings, 7);
      expect(totals.asked).toBeGreaterThan(300);
      expect(totals.ended + totals.cut + totals.there).toBe(totals.asked);
    }
  });

  it.each(CURVES)('has every activation joined once there are slots: $name', (curve) => {
    const { figures, byTime } = simulate(curve, PROPOSED, 7);
    expect(figures.waitingAtEnd).toBeLessThanOrEqual(2);
    expect(byTime.at(-1)!.live).toBeGreaterThan(10);
  });

  it('is the same for the same seed, and another for another', () => {
    const curve = burst(1, 40, 300);
    expect(simulate(curve, PROPOSED, 7)).toEqual(simulate(burst(1, 40, 300), PROPOSED, 7));
    expect(simulate(curve, PROPOSED, 8)).not.toEqual(simulate(curve, PROPOSED, 7));
  });

  it('never gives a pod more rooms than it has slots for', () => {
    const { byTime } = simulate(burst(1, 40, 300), small(1), 7);
    for (const { live, ready, draining } of byTime) {
      expect(live).toBeLessThanOrEqual(10 * (ready + draining));
    }
  });

  it('lets nobody wait longer the more pods there are from the start', () => {
    const runs = [2, 10, 20, 40].map(
      (minPods) => simulate(burst(1, 40, 300), scaled({ minPods }), 7).figures,
    );
    const waits = runs.map(({ joinedP95S }) => joinedP95S);
    expect(waits).toEqual([...waits].sort((one, two) => two - one));
    expect(runs.map(({ waitingMax }) => waitingMax).at(-1)).toBeLessThan(runs[0]!.waitingMax);
    expect(waits.at(-1)).toBeLessThan(3);
  });

  it('lets rooms wait where the target is as long as a pod has rooms: the dead band of the HPA', () => {
    const figures = (queueLength: number) =>
      simulate(steady(3, 400), scaled({ queueLength }), 7).figures;
    expect(figures(10).joinedP99S).toBeGreaterThan(2);
    expect(figures(7).joinedP99S).toBeLessThan(1);
  });

  it('hands every room of a drained pod on, and reports those that found no slot in time', () => {
    const { figures: rolled, byTime } = simulate(deploy(1, 60), PROPOSED, 7);
    expect(Math.max(...byTime.map(({ draining }) => draining))).toBeLessThanOrEqual(3);
    expect(byTime.at(-1)).toMatchObject({ draining: 0 });
    expect(rolled.handoversByRollout).toBeGreaterThan(40);
    expect(rolled.handoversLate).toBe(0);
    expect(rolled.silentMaxS).toBeLessThan(1);
    // Two pods for half as many rooms again: their successors wait behind the starts.
    const crowded = simulate(deploy(1, 30), small(2), 7).figures;
    expect(crowded.handoversLate).toBeGreaterThan(0);
    expect(crowded.silentMaxS).toBeGreaterThan(1);
  });

  it('brings back who was cut off', () => {
    const { totals, figures } = simulate(thunderingReturn(1, 80), PROPOSED, 7);
    expect(totals.cut).toBeGreaterThan(50);
    expect(figures.activations).toBeGreaterThanOrEqual(totals.cut);
  });

  it('starts from no pod, and goes back to none after the cool-down', () => {
    const arrivals = [{ atS: 100, talkS: 60 }];
    const curve = { name: 'one talk', arrivals, measureFromS: 0, untilS: 2_000 };
    const { byTime, figures } = simulate(curve, scaled({ minPods: 0 }), 7);
    expect(figures.activations).toBe(1);
    expect(byTime[0]).toMatchObject({ ready: 0, starting: 0 });
    expect(byTime.map(({ ready }) => ready)).toContain(1);
    expect(byTime.at(-1)).toMatchObject({ ready: 0, draining: 0 });
  });
});

describe('the autoscaler', () => {
  it('changes nothing within a tenth of its target, and rounds up beyond', () => {
    expect(sync({}, 109, 10)).toBe(10);
    expect(sync({}, 111, 10)).toBe(12);
    expect(sync({}, 91, 10)).toBe(10);
    expect(sync({}, 89, 10)).toBe(9);
  });

  it('grows by the policy that allows most, counting what the period has seen', () => {
    const autoscaler = makeAutoscaler({ ...WIDE, scaleUp: HPA_SCALE_UP });
    expect(autoscaler.sync(0, 5_000, 2)).toBe(6);
    expect(autoscaler.sync(15, 5_000, 6)).toBe(12);
    expect(autoscaler.sync(20, 5_000, 12)).toBe(12);
    expect(autoscaler.sync(30, 5_000, 12)).toBe(24);
  });

  it('shrinks only to the most that was wanted within its window, and no faster than its policy', () => {
    const scaleDown = {
      stabilizationS: 60,
      policies: [{ type: 'Pods', value: 2, periodS: 30 }],
    } as const;
    const autoscaler = makeAutoscaler({ ...WIDE, scaleDown });
    expect(autoscaler.sync(0, 100, 10)).toBe(10);
    expect(autoscaler.sync(15, 20, 10)).toBe(10);
    expect(autoscaler.sync(60, 20, 10)).toBe(8);
    expect(autoscaler.sync(75, 20, 8)).toBe(8);
    expect(autoscaler.sync(90, 20, 8)).toBe(6);
  });

  it('keeps to its bounds', () => {
    expect(sync({ maxPods: 5 }, 5_000, 5)).toBe(5);
    expect(sync({ minPods: 3, scaleDown: AT_ONCE }, 0, 4)).toBe(3);
  });

  function sync(changes: Partial<Autoscaling>, messages: number, pods: number): number {
    return makeAutoscaler({ ...WIDE, ...changes }).sync(1_000, messages, pods);
  }
});

describe('the parts of the simulation', () => {
  it('run in order of time, then of arrival, also what is added meanwhile', () => {
    const agenda = makeAgenda();
    const ran: string[] = [];
    for (const [timeS, name] of [
      [3, 'c'],
      [1, 'a'],
      [3, 'd'],
      [9, 'never'],
    ] as const) {
      agenda.at(timeS, () => ran.push(`${name}${agenda.now()}`));
    }
    agenda.at(2, () => agenda.after(0.5, () => ran.push(`b${agenda.now()}`)));
    agenda.runUntil(5);
    expect(ran).toEqual(['a1', 'b2.5', 'c3', 'd3']);
    expect(agenda.now()).toBe(5);
  });

  it('spread times as their percentiles say', () => {
    const random = makeRandom(1, 'test');
    const times = Array.from({ length: 20_000 }, () => random.spread({ p50: 8, p95: 20 }));
    const sorted = [...times].sort((one, two) => one - two);
    expect(sorted[10_000]).toBeCloseTo(8, 0);
    expect(Math.abs(sorted[19_000]! - 20)).toBeLessThan(1);
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    expect(mean).toBeCloseTo(meanOf({ p50: 8, p95: 20 }), 0);
  });

  it('show the queue as it was a moment ago, not longer ago than the lag', () => {
    const counter = makeCounter(makeRandom(1, 'counter'), 60);
    for (let nowS = 0; nowS <= 600; nowS += 5) counter.note(nowS, nowS);
    const seen = Array.from({ length: 200 }, () => counter.read(600));
    expect(Math.max(...seen)).toBeGreaterThan(590);
    expect(Math.min(...seen)).toBeLessThan(550);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(535);
  });

  it('make arrivals that add up to the rooms they are asked for', () => {
    const { arrivals, untilS } = steady(5, 500);
    const at = untilS - 1_000;
    const live = arrivals.filter(({ atS, talkS }) => atS <= at && atS + talkS > at).length;
    expect(Math.abs(live - 500)).toBeLessThan(75);
  });
});

const AT_ONCE = {
  stabilizationS: 0,
  policies: [{ type: 'Percent', value: 100, periodS: 15 }],
} as const;

/** Ten messages a pod, unhindered either way. */
const WIDE: Autoscaling = {
  ...PROPOSED.autoscaling,
  queueLength: 10,
  minPods: 1,
  scaleUp: AT_ONCE,
  scaleDown: AT_ONCE,
};

function scaled(changes: Partial<Autoscaling>): FleetSettings {
  return { ...PROPOSED, autoscaling: { ...PROPOSED.autoscaling, ...changes } };
}

/** Never more than so many pods. */
function small(maxPods: number): FleetSettings {
  return scaled({ minPods: 1, maxPods });
}

import { parseArgs } from 'node:util';
import { burst, daily, deploy, steady, thunderingReturn } from './fleet-sim/curves.ts';
import type { Curve } from './fleet-sim/curves.ts';
import { simulate } from './fleet-sim/simulate.ts';
import type { Moment, Run } from './fleet-sim/simulate.ts';
import { PROPOSED } from './fleet-sim/settings.ts';
import { VARIANTS } from './fleet-sim/variants.ts';
import type { Bench } from './lib/bench.ts';
import { readCount } from './lib/count.ts';

/**
 * How the autoscaler treats a fleet: arrival curves against settings of KEDA, HPA and cluster, in a
 * simulation (`--seed 1`, the default, decides every number of it). Nothing is started and nothing
 * timed, so the machine does not matter. `--only NAME` runs the curves whose names contain that.
 */
export const fleetSim: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  });
  const seed = readCount(values.seed);
  const curves = allCurves(seed).filter(({ name }) => name.includes(values.only));
  return {
    seed,
    assumed: { cluster: PROPOSED.cluster, talks: 'log-normal, P50 8 min, P95 30 min' },
    proposed: { autoscaling: PROPOSED.autoscaling, workers: PROPOSED.workers },
    runs: curves.flatMap((curve) => runAll(curve, seed)),
  };
};

function allCurves(seed: number): readonly Curve[] {
  return [
    steady(seed, 1_000),
    deploy(seed, 1_000),
    daily(seed, 100, 2_000),
    burst(seed, 100, 5_000),
    burst(seed, 1_000, 5_000),
    thunderingReturn(seed, 3_000),
  ];
}

function runAll(curve: Curve, seed: number): readonly object[] {
  console.error(`\n${curve.name}`);
  console.error(HEADER);
  return VARIANTS.map(({ name, why, settings }) => {
    const run = simulate(curve, settings, seed);
    console.error(lineOf(name, run));
    const isProposed = settings === PROPOSED;
    if (isProposed) printByTime(run.byTime);
    const byTime = isProposed ? { byTime: thinned(run.byTime) } : {};
    return { curve: curve.name, settings: name, why, ...run.figures, ...run.totals, ...byTime };
  });
}

const HEADER = `${'settings'.padEnd(44)}joined P50    P95    P99 s  waiting max/end  pods  pod-h   use  handovers (late)`;

function lineOf(name: string, { figures: f }: Run): string {
  const joined = [f.joinedP50S, f.joinedP95S, f.joinedP99S].map((s) => s.toFixed(1).padStart(7));
  const waiting = `${f.waitingMax}/${f.waitingAtEnd}`.padStart(17);
  const pods = `${String(f.podsMax).padStart(6)}${f.podHours.toFixed(0).padStart(7)}`;
  const handovers = f.handoversByScaleIn + f.handoversByRollout;
  const use = `${(100 * f.useShare).toFixed(0)} %`.padStart(6);
  return `${name.padEnd(47)}${joined.join('')}${waiting}${pods}${use}${String(handovers).padStart(8)} (${f.handoversLate})`;
}

/** At most so many moments of a run are told. */
const MOMENTS = 60;

function thinned(byTime: readonly Moment[]): readonly Moment[] {
  const step = Math.ceil(byTime.length / MOMENTS);
  return byTime.filter((_moment, at) => at % step === 0);
}

function printByTime(byTime: readonly Moment[]): void {
  console.error('    minute  waiting     live    ready starting draining');
  for (const moment of thinned(byTime)) {
    const { minute, waiting, live, ready, starting, draining } = moment;
    const columns = [minute, waiting, live, ready, starting, draining];
    console.error(`  ${columns.map((value) => String(value).padStart(8)).join(' ')}`);
  }
}

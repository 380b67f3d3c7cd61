import { parseArgs } from 'node:util';
import type { Bench } from '../lib/bench.ts';
import { readCount } from '../lib/count.ts';
import type { RunFigures } from './figures.ts';
import { runCampaign } from './run.ts';

/**
 * `npm run faults -- campaign --faults 1000 --seed 1 --runs 5`: a storm of random faults over a fleet
 * with talks under way, judged from outside. The faults are shared out among the runs, whose seeds
 * follow each other; `--seeds 1,4,9` names them. Each violation is told as it is found, with the
 * command that repeats its run: the same schedule, though not the same race to the millisecond.
 */
export const campaign: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      faults: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '1' },
      seeds: { type: 'string' },
      workers: { type: 'string', default: '4' },
      rooms: { type: 'string', default: '24' },
    },
  });
  const seeds = seedsOf(values);
  const [workers, rooms] = [readCount(values.workers), readCount(values.rooms)];
  const faults = Math.ceil(readCount(values.faults) / seeds.length);
  const runs: RunFigures[] = [];
  for (const seed of seeds) {
    const command = `npm run faults -- campaign --faults ${faults} --seed ${seed} --workers ${workers} --rooms ${rooms}`;
    const figures = await runCampaign({ seed, faults, workers, rooms, command });
    runs.push(figures);
    console.error(`seed ${seed}: ${figures.violations} violations`);
  }
  const violations = runs.reduce((sum, run) => sum + run.violations, 0);
  return { workers, roomsAtOnce: rooms, faults: faults * runs.length, violations, runs };
};

function seedsOf(values: {
  readonly seed: string;
  readonly runs: string;
  readonly seeds?: string | undefined;
}): readonly number[] {
  if (values.seeds !== undefined) return values.seeds.split(',').map(readCount);
  const first = readCount(values.seed);
  return Array.from({ length: readCount(values.runs) }, (_none, at) => first + at);
}

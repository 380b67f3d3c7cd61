import { parseArgs } from 'node:util';
import type { Bench } from './lib/bench.ts';
import { readCount } from './lib/count.ts';
import { runDensity } from './lib/density-run.ts';
import type { DensityRun } from './lib/density-run.ts';

/**
 * What a text room costs, idle and in talk, in one worker process: `--rooms 100 --rooms 300` (the
 * default). Each count runs as we set rtc-node, then with its native log capture on, as it ships;
 * these runs end at `MOST_CAPTURED` rooms.
 */
export const textDensity: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: { rooms: { type: 'string', multiple: true, default: ['100', '300'] } },
  });
  const counts = values.rooms.map(readCount);
  const captured = new Set(counts.map((count) => Math.min(count, MOST_CAPTURED)));
  const runs: DensityRun[] = [];
  for (const rooms of counts) runs.push(await runDensity({ rooms, nativeLogCapture: false }));
  for (const rooms of captured) runs.push(await runDensity({ rooms, nativeLogCapture: true }));
  return { runs };
};

const MOST_CAPTURED = 100;

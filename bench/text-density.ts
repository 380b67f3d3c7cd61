import { parseArgs } from 'node:util';
import type { Bench } from './lib/bench.ts';
import { runDensity } from './lib/density-run.ts';
import type { DensityRun } from './lib/density-run.ts';

/**
 * What a text room costs, idle and in talk, in one worker process: `--rooms 100 --rooms 300` (the
 * default). Each count runs as we ship it, without rtc-node's native log capture, and with it as
 * rtc-node ships it; beyond `MOST_CAPTURED` rooms that one would only show that it does not hold.
 */
export const textDensity: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: { rooms: { type: 'string', multiple: true, default: ['100', '300'] } },
  });
  const counts = values.rooms.map(Number);
  const captured = [...new Set(counts.map((count) => Math.min(count, MOST_CAPTURED)))];
  const runs: DensityRun[] = [];
  for (const rooms of counts) runs.push(await runDensity({ rooms, nativeLogCapture: false }));
  for (const rooms of captured) runs.push(await runDensity({ rooms, nativeLogCapture: true }));
  return { runs, note: `with native log capture ${MOST_CAPTURED} rooms at most` };
};

const MOST_CAPTURED = 100;

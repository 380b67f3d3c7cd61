import { parseArgs } from 'node:util';
import type { Bench } from './lib/bench.ts';
import { readCount } from './lib/count.ts';
import { rollOut } from './rolling/roll-out.ts';

/**
 * What guests see of a deployment: all `--workers 3` are replaced one by one while `--text 12` rooms
 * talk in writing, and then while `--voice 6` rooms talk aloud, each with a guest in another process.
 */
export const rolling: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      workers: { type: 'string', default: '3' },
      text: { type: 'string', default: '12' },
      voice: { type: 'string', default: '6' },
    },
  });
  const workers = readCount(values.workers);
  const runs = [];
  for (const mode of ['text', 'voice'] as const) {
    runs.push(await rollOut(mode, readCount(values[mode]), workers));
    console.error(`rolling: ${JSON.stringify(runs.at(-1))}`);
  }
  return { runs };
};

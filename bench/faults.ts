import type { Bench } from './lib/bench.ts';
import { writeResult } from './lib/result.ts';

/**
 * `npm run faults -- NAME [options]`: breaks the parts of a stack while talks go on, and judges from
 * outside what becomes of them. The last line of output is the result as one JSON object, which is also
 * kept under `bench/results/`. Exits with 1 where an invariant did not hold.
 */
const CAMPAIGNS: Readonly<Record<string, () => Promise<Bench>>> = {
  campaign: async () => (await import('./faults/campaign.ts')).campaign,
};

const [name = '', ...args] = process.argv.slice(2);
const load = CAMPAIGNS[name];
if (load === undefined) {
  console.error(`usage: npm run faults -- NAME; one of ${Object.keys(CAMPAIGNS).join(', ')}`);
  process.exit(2);
}
const run = await load();
const figures = await run(args);
console.log(JSON.stringify(writeResult(name, args, figures, 'faults')));
process.exit(figures['violations'] === 0 ? 0 : 1);

import type { Config } from '../config.ts';
import { describeCosts } from '../cost/describe-costs.ts';
import type { UsageGrouping, UsageQuestion } from '../ports/usage-store.ts';
import { makeStores } from './stores.ts';

/** Every way in which usage is summed up; the first is the usual one. */
export const GROUPINGS = [
  'month',
  'day',
  'hour',
  'session',
  'provider',
] as const satisfies readonly UsageGrouping[];

/**
 * What providers took and cost, as a table to read.
 * @throws TroupeError of service `database`.
 */
export async function describeUsage(config: Config, question: UsageQuestion): Promise<string> {
  return describeCosts(question.by, await makeStores(config).usage.sum(question));
}

import { parseArgs } from 'node:util';
import { describeUsage, GROUPINGS } from '../app/cost.ts';
import { readConfig } from '../config.ts';
import { UsageError } from './command.ts';
import type { Command } from './command.ts';

const USAGE = `usage: troupe cost [--by ${GROUPINGS.join('|')}] [--session ID] [--from TIME] [--to TIME]

  TIME as 2026-11-29 (UTC), 2026-11-29T16:00Z or 2026-11-29T17:00+01:00; what is at --to does not count.
  Without --from and --session the last 31 days are summed up.`;

const DEFAULT_SPAN_MS = 31 * 86_400_000;

/** `troupe cost`: what providers took and cost, by month unless another way is asked for. */
export const costCommand: Command = async (args, env) => {
  const question = readQuestion(args, Date.now());
  console.log(await describeUsage(readConfig(env, 'database'), question));
  return 0;
};

/** @throws UsageError saying what is wrong. */
function readQuestion(args: readonly string[], now: number) {
  const { by = GROUPINGS[0], session, from, to } = readOptions(args);
  const grouping = GROUPINGS.find((one) => one === by);
  if (grouping === undefined) throw new UsageError(`--by ${by} is unknown\n${USAGE}`);
  return {
    by: grouping,
    ...(session !== undefined && { session }),
    // A talk's cost is all of it, whenever it was.
    ...(from === undefined && session === undefined && { from: now - DEFAULT_SPAN_MS }),
    ...(from !== undefined && { from: readTime('--from', from) }),
    ...(to !== undefined && { to: readTime('--to', to) }),
  };
}

function readOptions(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const options = { by: text, session: text, from: text, to: text };
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : 'wrong options'}\n${USAGE}`);
  }
}

/** A day is that of UTC, as in the answer; an hour says of where it is. */
const TIME = /^\d{4}-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?)?$/;

function readTime(option: string, text: string): number {
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`${option} ${text} is no time\n${USAGE}`);
  return time;
}

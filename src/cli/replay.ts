import { replayFile } from '../app/replay.ts';
import { UsageError } from './command.ts';
import type { Command } from './command.ts';

/**
 * `troupe replay FILE`: shows a recorded talk, state by state. Exit code 0 where the core still does
 * the same, 1 where it does not, 2 where that cannot be told.
 */
export const replayCommand: Command = async (args) => {
  const [path, ...more] = args;
  if (path === undefined || more.length > 0) throw new UsageError('usage: troupe replay FILE');
  const verdict = await replayFile(path, (text) => console.log(text));
  if (typeof verdict === 'string') return verdict === 'same' ? 0 : 1;
  console.error(verdict.unreadable);
  return 2;
};

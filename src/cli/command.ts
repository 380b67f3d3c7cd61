import type { Shutdown } from '../app/process.ts';

/** A command of the command line; resolves with the exit code. */
export type Command = (
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  shutdown: Shutdown,
) => Promise<number>;

/** A use of the command line that makes no sense; the message says what does. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

import { readFileSync } from 'node:fs';
import type { Shutdown } from '../app/process.ts';
import { applyEnvFile, ConfigError } from '../config.ts';
import { isTroupeError } from '../errors.ts';
import { UsageError } from './command.ts';
import type { Command } from './command.ts';

/** Loaded only when called: a producer that enqueues a room needs no native media library. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  worker: async () => (await import('./worker.ts')).workerCommand,
  room: async () => (await import('./room.ts')).roomCommand,
  enqueue: async () => (await import('./enqueue.ts')).enqueueCommand,
  gateway: async () => (await import('./gateway.ts')).gatewayCommand,
  end: async () => (await import('./end.ts')).endCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  cost: async () => (await import('./cost.ts')).costCommand,
  replay: async () => (await import('./replay.ts')).replayCommand,
};

const USAGE = `usage: troupe [command]

  worker                      serve rooms from the queue (the default without ROOM_ID)
  room [ROOM]                 serve one room without a queue (the default with ROOM_ID)
  enqueue ROOM [--session ID] [--character ID] [--mode MODE]
                              ask for a bot in a room
  gateway                     serve the API that opens sessions
  end SESSION                 end a session for good
  check                       try every configured service and say what is wrong
  cost [--by month|day|hour|session|provider] [--session ID] [--from TIME] [--to TIME]
                              say what providers took and cost
  replay FILE                 show a recorded talk, and where the core would do otherwise now

Configuration comes from the environment and .env; see .env.example.`;

/**
 * Runs the command that `args` name, or the one that the environment implies.
 * Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, or a file that cannot be read.
 */
export async function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  shutdown: Shutdown,
): Promise<number> {
  applyEnvFile(env, readEnvFile());
  const [name = env['ROOM_ID'] ? 'room' : 'worker', ...rest] = args;
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    console.error(USAGE);
    return name === 'help' || name === '--help' || name === '-h' ? 0 : 2;
  }
  try {
    const command = await load();
    return await command(rest, env, shutdown);
  } catch (error) {
    return explain(error);
  }
}

function readEnvFile(): string {
  try {
    return readFileSync('.env', 'utf8');
  } catch {
    return '';
  }
}

function explain(error: unknown): number {
  if (error instanceof ConfigError || error instanceof UsageError) {
    console.error(error.message);
    return 2;
  }
  // What is known to go wrong says what it was; of anything else the stack is needed.
  console.error(isTroupeError(error) ? messagesOf(error) : error);
  return 1;
}

/** Its own, and those of what caused it. */
function messagesOf(error: Error): string {
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${messagesOf(cause)}` : error.message;
}

import { parseArgs } from 'node:util';
import { enqueue } from '../app/queue.ts';
import { readConfig } from '../config.ts';
import { UsageError } from './command.ts';
import type { Command } from './command.ts';

const USAGE = 'usage: troupe enqueue ROOM [--session ID] [--character ID] [--mode MODE]';

/** `troupe enqueue ROOM`: asks the fleet for a bot in a room. */
export const enqueueCommand: Command = async (args, env) => {
  const { room, ...options } = readArgs(args);
  const messageId = await enqueue(readConfig(env, 'producer'), { room, ...options });
  console.log(`asked for a bot in room ${room} (message ${messageId})`);
  return 0;
};

function readArgs(args: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        session: { type: 'string' },
        character: { type: 'string' },
        mode: { type: 'string' },
      },
    });
    const [room, ...more] = positionals;
    if (room !== undefined && more.length === 0) return { room, ...values };
  } catch {
    // An unknown option: the usage says which there are.
  }
  throw new UsageError(USAGE);
}

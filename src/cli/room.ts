import { serveRoom } from '../app/room.ts';
import { readConfig } from '../config.ts';
import { UsageError } from './command.ts';
import type { Command } from './command.ts';

/** `troupe room [ROOM]`: serves one room without a queue; ends when the bot has left it. */
export const roomCommand: Command = async (args, env, shutdown) => {
  const config = readConfig(env, 'room');
  const room = args[0] ?? config.ROOM_ID;
  if (room === undefined) throw new UsageError('usage: troupe room ROOM, or set ROOM_ID');
  const outcome = await serveRoom(config, room, shutdown);
  if (outcome.kind !== 'failed') return 0;
  console.error(`room ${room}: ${outcome.error.message}`);
  return 1;
};

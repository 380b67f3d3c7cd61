import { makeStores } from '../app/stores.ts';
import { readConfig } from '../config.ts';
import { UsageError } from './command.ts';
import type { Command } from './command.ts';

/** `troupe end SESSION`: no later start brings the session back; a live bot leaves. */
export const endCommand: Command = async (args, env) => {
  const [session] = args;
  if (session === undefined) throw new UsageError('usage: troupe end SESSION');
  await makeStores(readConfig(env, 'database')).leases.endSession(session);
  console.log(`session ${session} has ended`);
  return 0;
};

import { serveQueue } from '../app/worker.ts';
import { readConfig } from '../config.ts';
import type { Command } from './command.ts';

/** `troupe worker`: serves rooms from the queue until it is asked to end. */
export const workerCommand: Command = async (_args, env, shutdown) => {
  await serveQueue(readConfig(env, 'queue'), shutdown);
  return 0;
};

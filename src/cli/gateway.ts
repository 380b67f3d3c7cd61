import { serveGateway } from '../app/gateway.ts';
import { readConfig } from '../config.ts';
import type { Command } from './command.ts';

/** `troupe gateway`: serves the API by which others open sessions, until it is asked to end. */
export const gatewayCommand: Command = async (_args, env, shutdown) => {
  await serveGateway(readConfig(env, 'gateway'), shutdown);
  return 0;
};

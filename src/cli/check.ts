import { checkServices } from '../app/check.ts';
import { readConfig } from '../config.ts';
import type { Command } from './command.ts';

/** `troupe check`: tries every configured service; exit code 1 if any of them does not work. */
export const checkCommand: Command = async (_args, env, shutdown) => {
  const need = env['SQS_QUEUE_URL'] ? 'queue' : 'room';
  const findings = await checkServices(readConfig(env, need), shutdown.graceful);
  for (const { service, problems } of findings) {
    console.log(`${service.padEnd(9)} ${problems.length === 0 ? 'ok' : problems.join('; ')}`);
  }
  return findings.every(({ problems }) => problems.length === 0) ? 0 : 1;
};

import { checkServices } from '../app/check.ts';
import type { Checked } from '../app/check.ts';
import { readConfig } from '../config.ts';
import type { Command } from './command.ts';

/**
 * `troupe check`: tries every configured service and says what is wrong, why it matters and how to
 * mend it. Exit code 1 if one does not work or talks can be lost or doubled by it; warnings alone
 * leave it at 0.
 */
export const checkCommand: Command = async (_args, env, shutdown) => {
  const need = env['SQS_QUEUE_URL'] ? 'queue' : 'room';
  const checked = await checkServices(readConfig(env, need), shutdown.graceful);
  for (const line of checked.flatMap(linesOf)) console.log(line);
  const findings = checked.flatMap((one) => one.findings);
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
};

/** Wider than every service's name. */
const WIDTH = 12;

function linesOf({ service, findings }: Checked): readonly string[] {
  const name = service.padEnd(WIDTH);
  if (findings.length === 0) return [`${name}ok`];
  return findings.flatMap(({ severity, what, why, mend = [] }) => [
    `${name}${severity}: ${what}${why === undefined ? '' : `; ${why}`}`,
    ...mend.map((line) => `${' '.repeat(WIDTH)}${line}`),
  ]);
}

import { checkLiveKit } from '../adapters/livekit/check.ts';
import { checkLlm } from '../adapters/openai/check.ts';
import { checkQueue } from '../adapters/sqs/check.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import { liveKitOptions } from './bots.ts';
import { llmOptions } from './providers.ts';
import { sqsOptions } from './queue.ts';
import { makeStores } from './stores.ts';

/** One service and what is wrong with it; empty when it works. */
export interface Finding {
  readonly service: string;
  readonly problems: readonly string[];
}

const LIMIT_MS = 15_000;

/** Tries every configured service as a worker would use it, side by side. Never rejects. */
export async function checkServices(
  config: Config,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const livekit = liveKitOptions(config, () => undefined);
  const checks: Readonly<
    Record<string, (limited: AbortSignal) => Promise<readonly string[] | void>>
  > = {
    ...(config.SQS_QUEUE_URL !== '' && {
      queue: (limited: AbortSignal) => checkQueue(sqsOptions(config), limited),
    }),
    database: (limited) => makeStores(config).directory.check(limited),
    livekit: (limited) => checkLiveKit(livekit, limited),
    llm: (limited) => checkLlm(llmOptions(config), limited),
  };
  return await Promise.all(
    Object.entries(checks).map(async ([service, check]): Promise<Finding> => {
      try {
        const problems = await withDeadline(systemClock, LIMIT_MS, check, signal);
        return { service, problems: problems ?? [] };
      } catch (error) {
        return { service, problems: [error instanceof Error ? error.message : String(error)] };
      }
    }),
  );
}

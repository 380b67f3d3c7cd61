import { checkLiveKit } from '../adapters/livekit/check.ts';
import { checkLlm } from '../adapters/openai/check.ts';
import { checkQueue } from '../adapters/sqs/check.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../lib/clock.ts';
import { withDeadline } from '../lib/deadline.ts';
import type { Finding } from '../ports/check.ts';
import { liveKitOptions } from './bots.ts';
import { llmOptions, secondLlmOptions } from './providers.ts';
import { sqsOptions } from './queue.ts';
import { makeStores } from './stores.ts';

/** One service and what is wrong with it; empty when all is well. */
export interface Checked {
  readonly service: string;
  readonly findings: readonly Finding[];
}

/** Tries one service; rejects where it does not work at all. */
export type Check = (signal: AbortSignal) => Promise<readonly Finding[] | void>;

const LIMIT_MS = 15_000;

/** Tries every configured service as a worker would use it, side by side. Never rejects. */
export async function checkServices(
  config: Config,
  signal: AbortSignal,
): Promise<readonly Checked[]> {
  const checks = { ...coreChecks(config), ...(await voiceChecks(config)) };
  return await Promise.all(
    Object.entries(checks).map(async ([service, check]): Promise<Checked> => {
      try {
        const findings = await withDeadline(systemClock, LIMIT_MS, check, signal);
        return { service, findings: findings ?? [] };
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        return { service, findings: [{ severity: 'error', what, ...HINTS[service] }] };
      }
    }),
  );
}

/** What no text room can do without, and the second model. */
function coreChecks(config: Config): Readonly<Record<string, Check>> {
  const second = secondLlmOptions(config);
  return {
    ...(config.SQS_QUEUE_URL !== '' && {
      queue: (signal: AbortSignal) => checkQueue(sqsOptions(config), signal),
    }),
    database: (signal) => makeStores(config).directory.check(signal),
    livekit: (signal) =>
      checkLiveKit(
        liveKitOptions(config, () => undefined),
        signal,
      ),
    llm: (signal) => checkLlm(llmOptions(config), signal),
    ...(second !== undefined && {
      'llm-2': (signal: AbortSignal) => checkLlm(second, signal),
    }),
  };
}

/** Every provider of ears and voices that has a key; without any their SDKs are not loaded. */
async function voiceChecks(config: Config): Promise<Readonly<Record<string, Check>>> {
  const keys = [
    config.GLADIA_STT_API_KEY,
    config.DEEPGRAM_API_KEY,
    config.CARTESIA_TTS_API_KEY,
    config.ELEVENLABS_API_KEY,
  ];
  if (keys.every((key) => key === undefined)) return {};
  const { checksOfVoices } = await import('./check-voice.ts');
  return checksOfVoices(config);
}

/** Where a failure's own words speak of another variable. */
const HINTS: Readonly<Record<string, Pick<Finding, 'why'>>> = {
  'llm-2': { why: 'this is the second model: LLM2_BASE_URL, LLM2_API_KEY, LLM2_MODEL' },
};

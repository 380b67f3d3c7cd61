import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { BOTS, variables } from './variables.ts';
import type { Need, Variable } from './variables.ts';

/** The environment as read: one field a variable. */
export type Config = {
  readonly [Name in keyof typeof variables]: z.output<(typeof variables)[Name]['schema']>;
};

/** The environment cannot be used; the message lists every problem, one a line, without values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment for a command. An empty value counts as unset.
 * @throws ConfigError listing everything that is wrong or missing.
 */
export function readConfig(env: NodeJS.ProcessEnv, need: Need): Config {
  const values: Record<string, unknown> = {};
  const problems = Object.entries<Variable<unknown>>(variables).flatMap(([name, variable]) => {
    const raw = env[name]?.trim() || undefined;
    if (raw === undefined && variable.neededFor?.includes(need) === true)
      return `${name} is missing: ${variable.about}`;
    const parsed = variable.schema.safeParse(raw);
    values[name] = parsed.data;
    return parsed.success ? [] : `${name} ${parsed.error.issues[0]?.message}: ${variable.about}`;
  });
  const config = values as Config;
  if (BOTS.includes(need) && !config.OPENROUTER_API_KEY && !config.OPENAI_API_KEY) {
    problems.push('OPENROUTER_API_KEY or OPENAI_API_KEY is missing: the key of the LLM provider');
  }
  if (BOTS.includes(need) && config.AUDIO_ENABLED) problems.push(...voiceProblems(config));
  const isHalf = (config.LLM2_BASE_URL === undefined) !== (config.LLM2_MODEL === undefined);
  if (isHalf && problems.length === 0) {
    problems.push('LLM2_BASE_URL and LLM2_MODEL need each other: one of them is missing');
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return config;
}

function voiceProblems(config: Config): readonly string[] {
  const hears = config.GLADIA_STT_API_KEY ?? config.DEEPGRAM_API_KEY;
  const speaks = config.CARTESIA_TTS_API_KEY ?? config.ELEVENLABS_API_KEY;
  const why = 'AUDIO_ENABLED is true';
  return [
    ...(hears ? [] : [`GLADIA_STT_API_KEY or DEEPGRAM_API_KEY is missing: ${why}`]),
    ...(speaks ? [] : [`CARTESIA_TTS_API_KEY or ELEVENLABS_API_KEY is missing: ${why}`]),
  ];
}

/**
 * Puts the lines of a `.env` file into `env` where nothing stands yet, so that SDKs which read the
 * environment themselves (AWS credentials) see them too; the real environment wins, but for what is
 * empty there.
 */
export function applyEnvFile(env: NodeJS.ProcessEnv, content: string): void {
  for (const [name, value] of Object.entries(parseEnv(content))) {
    if (isUnset(env[name]) && !isUnset(value)) env[name] = value;
  }
}

function isUnset(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}

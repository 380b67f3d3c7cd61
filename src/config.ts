import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { readSecretFile } from './lib/secret-file.ts';
import { BOTS, variables } from './variables.ts';
import type { Need, Variable } from './variable.ts';

/** The environment as read: one field a variable. */
export type Config = {
  readonly [Name in keyof typeof variables]: z.output<(typeof variables)[Name]['schema']>;
};

/** The environment cannot be used; the message lists every problem, one a line, without values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment for a command. An empty value counts as unset; a secret may stand in a file
 * that `NAME_FILE` names instead.
 * @throws ConfigError listing everything that is wrong or missing.
 */
export function readConfig(env: NodeJS.ProcessEnv, need: Need): Config {
  const values: Record<string, unknown> = {};
  /** Given, but not as it should be: told already, and not missing besides. */
  const unusable = new Set<string>();
  const problems = Object.entries<Variable<unknown>>(variables).flatMap(([name, variable]) => {
    const { raw, problem } = readRaw(env, name);
    if (problem !== undefined) {
      unusable.add(name);
      return problem;
    }
    if (raw === undefined && variable.neededFor?.includes(need) === true)
      return `${name} is missing: ${variable.about}`;
    const parsed = variable.schema.safeParse(raw);
    values[name] = parsed.data;
    if (parsed.success) return [];
    unusable.add(name);
    return `${name} ${parsed.error.issues[0]?.message}: ${variable.about}`;
  });
  const config = values as Config;
  if (BOTS.includes(need)) {
    const isNeither = ([one, other]: Pair) =>
      [one, other].every((name) => config[name] === undefined && !unusable.has(name));
    const missing = config.AUDIO_ENABLED ? [MODEL, ...VOICE] : [MODEL];
    for (const { pair, why } of missing.filter(({ pair }) => isNeither(pair)))
      problems.push(`${pair.join(' or ')} is missing: ${why}`);
  }
  const isHalf = (config.LLM2_BASE_URL === undefined) !== (config.LLM2_MODEL === undefined);
  if (isHalf && problems.length === 0) {
    problems.push('LLM2_BASE_URL and LLM2_MODEL need each other: one of them is missing');
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return config;
}

/** A variable that holds a secret tells so by its name; it may stand in a file instead. */
export function isSecret(name: string): boolean {
  return /_(?:KEYS?|SECRET|SERVICE_ROLE|TOKEN|PASSWORD)$/.test(name);
}

/** A variable's text: its own, or that of the file. */
function readRaw(
  env: NodeJS.ProcessEnv,
  name: string,
): { readonly raw?: string | undefined; readonly problem?: string } {
  const raw = env[name]?.trim() || undefined;
  const path = isSecret(name) ? env[`${name}_FILE`]?.trim() : undefined;
  if (path === undefined || path === '') return { raw };
  if (raw !== undefined) {
    return { problem: `${name} and ${name}_FILE are both set: keep one of them` };
  }
  const read = readSecretFile(path);
  if ('problem' in read) return { problem: `${name}_FILE ${read.problem}` };
  return { raw: read.secret };
}

/** Two keys of which a bot needs one. */
type Pair = readonly [keyof Config, keyof Config];
interface OneOf {
  readonly pair: Pair;
  readonly why: string;
}

const MODEL: OneOf = {
  pair: ['OPENROUTER_API_KEY', 'OPENAI_API_KEY'],
  why: 'the key of the LLM provider',
};
const VOICE: readonly OneOf[] = [
  { pair: ['GLADIA_STT_API_KEY', 'DEEPGRAM_API_KEY'], why: 'AUDIO_ENABLED is true' },
  { pair: ['CARTESIA_TTS_API_KEY', 'ELEVENLABS_API_KEY'], why: 'AUDIO_ENABLED is true' },
];

/**
 * Puts the lines of a `.env` file into `env` where nothing stands yet, so that SDKs which read the
 * environment themselves (AWS credentials) see them too; the real environment wins, but for what is
 * empty there. A secret that it has as a file is not filled in as a value, nor the other way round.
 */
export function applyEnvFile(env: NodeJS.ProcessEnv, content: string): void {
  const given = { ...env };
  for (const [name, value] of Object.entries(parseEnv(content))) {
    if (isUnset(given[name]) && isUnset(given[twinOf(name)]) && !isUnset(value)) env[name] = value;
  }
}

/** The other name under which the same secret may be set. */
function twinOf(name: string): string {
  return name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : `${name}_FILE`;
}

function isUnset(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}

import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { flag, keys, list, oneOf, text, url, whole } from './lib/env.ts';
import type { EnvShape } from './lib/env.ts';

/**
 * What a command needs configured: `queue` a worker, `room` one bot, `producer` the queue alone,
 * `database` that alone, `gateway` the API.
 */
export type Need = 'queue' | 'room' | 'producer' | 'database' | 'gateway';

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
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return config;
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

const DAY_MS = 86_400_000;
const BOTS: readonly Need[] = ['queue', 'room'];
const ROOMS: readonly Need[] = [...BOTS, 'gateway'];
const QUEUES: readonly Need[] = ['queue', 'producer', 'gateway'];
const DATABASES: readonly Need[] = [...BOTS, 'database', 'gateway'];

/** Every variable that Troupe reads; `.env.example` is held against this table by a test. */
export const variables = {
  // LiveKit
  LIVEKIT_URL: needed(
    ROOMS,
    url('ws', 'wss', 'http', 'https'),
    'The LiveKit server whose rooms the bots join',
  ),
  LIVEKIT_API_KEY: needed(ROOMS, text(), 'Key that signs the tokens of bots and guests'),
  LIVEKIT_API_SECRET: needed(ROOMS, text(), 'Secret of that key'),
  LIVEKIT_ICE_SERVERS: v(
    list().optional(),
    'STUN and TURN addresses, separated by commas, instead of those the server names',
  ),
  LIVEKIT_GATHER_ONCE: v(
    flag(false),
    'Gather network candidates once: for networks in which no STUN server answers',
  ),
  LIVEKIT_NATIVE_LOGS: v(
    flag(false),
    'Capture the native library’s log: costs about twice the memory and CPU of a room',
  ),
  JOINS_AT_A_TIME: v(
    whole(8, 1, 100),
    'Rooms that one worker joins at the same moment; the others wait their turn',
  ),

  // Database
  SUPABASE_URL: needed(
    DATABASES,
    url('http', 'https'),
    'The Supabase project with sessions, characters and our own tables',
  ),
  SUPABASE_SERVICE_ROLE: needed(
    DATABASES,
    text(),
    'Its service role key; the anon key sees empty tables and is refused',
  ),

  // Queue
  SQS_QUEUE_URL: needed(QUEUES, url('http', 'https'), 'The FIFO queue of activations'),
  SQS_DLQ_URL: v(
    url('http', 'https').optional(),
    'Where refused activations go; default: the target of the queue’s redrive policy',
  ),
  SQS_ENDPOINT: v(url('http', 'https').optional(), 'Another SQS-compatible server than AWS'),
  AWS_REGION: v(text().default('us-east-1'), 'Region of the queue'),
  VISIBILITY_TIMEOUT_S: v(
    whole(60, 3, 43_200),
    'How long a crashed worker’s room waits for the next one',
    { unit: 's' },
  ),
  RECEIVE_WAIT_S: v(whole(20, 0, 20), 'How long one receive waits for a message', { unit: 's' }),

  // Worker
  MAX_CONCURRENT_ROOMS: v(whole(10, 1, 10_000), 'Rooms that one worker serves at the same time'),
  WORKER_NAME: v(
    text().optional(),
    'Name of this worker in logs and leases; default: host name and process id',
  ),
  DRAIN_TIMEOUT_MS: v(
    whole(60_000, 0, DAY_MS),
    'How long a worker that was asked to stop may hand over or finish its rooms',
    { unit: 'ms' },
  ),
  RECYCLE_AFTER_ROOMS: v(whole(0, 0, 1_000_000), 'Drain and exit after so many rooms; 0: never'),
  RECYCLE_RSS_MB: v(whole(0, 0, 1_000_000), 'Drain and exit above this memory; 0: never', {
    unit: 'MB',
  }),

  // LLM
  OPENROUTER_API_KEY: v(text().optional(), 'Key of the default LLM provider, openrouter.ai'),
  OPENAI_API_KEY: v(
    text().optional(),
    'Key of api.openai.com, used where no OPENROUTER_API_KEY is set',
  ),
  LLM_BASE_URL: v(
    url('http', 'https').optional(),
    'Any other OpenAI-compatible API; it gets the key above',
  ),
  LLM_MODEL: v(text().optional(), 'Model for characters that name none; default by provider'),
  LLM_MAX_TOKENS: v(whole(500, 1, 100_000), 'Longest answer', { unit: 'tokens' }),
  LLM_FIRST_TOKEN_TIMEOUT_MS: v(
    whole(10_000, 100, 600_000),
    'How long the model may take to begin',
    { unit: 'ms' },
  ),
  LLM_TOKEN_GAP_TIMEOUT_MS: v(whole(8_000, 100, 600_000), 'How long it may pause in the middle', {
    unit: 'ms',
  }),
  CONTEXT_TOKENS: v(
    whole(6_000, 500, 1_000_000),
    'Size beyond which the oldest turns of a talk are summarized',
    { unit: 'tokens' },
  ),

  // Talk
  AUDIO_ENABLED: v(
    flag(false),
    'Voice where neither message nor character says; until voice exists this runs text',
  ),
  IDLE_TIMEOUT_MS: v(whole(30_000, 0, DAY_MS), 'Leave a room in which nothing happens; 0: never', {
    unit: 'ms',
  }),
  DEPARTURE_GRACE_MS: v(
    whole(5_000, 0, DAY_MS),
    'How long the last human may be gone before the bot leaves',
    { unit: 'ms' },
  ),
  LEAVE_WHEN: v(
    oneOf(['last-human', 'any-human']),
    'Whose leaving ends the talk: last-human or any-human',
  ),
  NEW_TURN_WHILE_REPLYING: v(
    oneOf(['queue', 'interrupt']),
    'What a chat line does to a running reply: queue or interrupt',
  ),
  CHAT_SETTLE_MS: v(
    whole(0, 0, 60_000),
    'How long a chat line waits for the speaker’s next one to become one turn',
    { unit: 'ms' },
  ),
  CHARACTER_CACHE_TTL_MS: v(whole(60_000, 0, DAY_MS), 'How long a character’s row is remembered', {
    unit: 'ms',
  }),

  // One room
  ROOM_ID: v(text().optional(), 'Serve this one room without a queue, then exit'),

  // API
  GATEWAY_API_KEYS: v(
    keys(16).optional(),
    'Keys of `troupe gateway`, separated by commas: whoever has one may open sessions',
    { neededFor: ['gateway'] },
  ),

  // Operations
  HTTP_HOST: v(text().default('127.0.0.1'), 'Address of the health server, or of the API'),
  HTTP_PORT: v(whole(8080, 0, 65_535), 'Its port; 0: any free one'),
  LOG_LEVEL: v(
    oneOf(['info', 'debug', 'warn', 'error', 'silent']),
    'Least level that is logged: debug, info, warn, error, silent',
  ),
} as const;

/** One environment variable: how it is read, what it means, and what cannot run without it. */
interface Variable<T> {
  readonly schema: EnvShape<T>;
  readonly about: string;
  readonly unit?: string;
  readonly neededFor?: readonly Need[];
}

function v<T>(
  schema: EnvShape<T>,
  about: string,
  more: Omit<Variable<T>, 'schema' | 'about'> = {},
): Variable<T> {
  return { schema, about, ...more };
}

/** A variable that some commands need; for the others it reads as an empty text. */
function needed(
  neededFor: readonly Need[],
  schema: z.ZodType<string, string>,
  about: string,
): Variable<string> {
  return { schema: schema.default(''), about, neededFor };
}

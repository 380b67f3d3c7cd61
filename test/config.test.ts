import { describe, expect, it } from 'vitest';
import { applyEnvFile, ConfigError, readConfig, variables } from '../src/config.ts';
import type { Config, Need } from '../src/config.ts';

const WORKING = {
  LIVEKIT_URL: 'ws://127.0.0.1:7880',
  LIVEKIT_API_KEY: 'devkey',
  LIVEKIT_API_SECRET: 'very-secret',
  SUPABASE_URL: 'http://127.0.0.1:54321',
  SUPABASE_SERVICE_ROLE: 'service-key',
  SQS_QUEUE_URL: 'http://127.0.0.1:4566/q.fifo',
  OPENROUTER_API_KEY: 'router-key',
};

/** What is wrong with an environment, one problem a line. */
function problemsOf(env: NodeJS.ProcessEnv, need: Need = 'queue'): readonly string[] {
  try {
    readConfig(env, need);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message.split('\n');
  }
}

const anyText = { good: [['a b', 'a b']], bad: [] } as const;
const http = {
  good: [['https://h.example:1/p', 'https://h.example:1/p']],
  bad: ['h.example', 'ws://h', 'https://', 'https://a b', 'HTTPS://h'],
} as const;
const flag = {
  good: [
    ['true', true],
    ['FALSE', false],
    ['True', true],
  ],
  bad: ['yes', '1'],
} as const;

/** A whole number within bounds. */
function whole(min: number, max: number) {
  return {
    good: [
      [String(min), min],
      [String(max), max],
    ],
    bad: [
      ...(min > 0 ? [String(min - 1)] : []),
      String(max + 1),
      '-1',
      '1.5',
      '1e3',
      '0x10',
      'ten',
    ],
  } as const;
}

const DAY_MS = 86_400_000;

/** For every variable what it takes, and how it is read, and what it refuses. */
const EACH: {
  readonly [Name in keyof Config]: {
    readonly good: readonly (readonly [string, Config[Name]])[];
    readonly bad: readonly string[];
  };
} = {
  LIVEKIT_URL: {
    good: [
      ['wss://lk.example', 'wss://lk.example'],
      ['http://lk', 'http://lk'],
    ],
    bad: ['lk.example', 'tcp://lk', 'wss://'],
  },
  LIVEKIT_API_KEY: anyText,
  LIVEKIT_API_SECRET: anyText,
  LIVEKIT_ICE_SERVERS: {
    good: [
      ['stun:a:1', ['stun:a:1']],
      [' stun:a, turn:b ,', ['stun:a', 'turn:b']],
    ],
    bad: [],
  },
  LIVEKIT_GATHER_ONCE: flag,
  LIVEKIT_NATIVE_LOGS: flag,
  JOINS_AT_A_TIME: whole(1, 100),
  SUPABASE_URL: http,
  SUPABASE_SERVICE_ROLE: anyText,
  SQS_QUEUE_URL: http,
  SQS_DLQ_URL: http,
  SQS_ENDPOINT: http,
  AWS_REGION: { good: [['eu-central-1', 'eu-central-1']], bad: [] },
  VISIBILITY_TIMEOUT_S: whole(3, 43_200),
  RECEIVE_WAIT_S: whole(0, 20),
  MAX_CONCURRENT_ROOMS: whole(1, 10_000),
  WORKER_NAME: anyText,
  DRAIN_TIMEOUT_MS: whole(0, DAY_MS),
  RECYCLE_AFTER_ROOMS: whole(0, 1_000_000),
  RECYCLE_RSS_MB: whole(0, 1_000_000),
  OPENROUTER_API_KEY: anyText,
  OPENAI_API_KEY: anyText,
  LLM_BASE_URL: http,
  LLM_MODEL: anyText,
  LLM_MAX_TOKENS: whole(1, 100_000),
  LLM_FIRST_TOKEN_TIMEOUT_MS: whole(100, 600_000),
  LLM_TOKEN_GAP_TIMEOUT_MS: whole(100, 600_000),
  CONTEXT_TOKENS: whole(500, 1_000_000),
  AUDIO_ENABLED: flag,
  IDLE_TIMEOUT_MS: whole(0, DAY_MS),
  DEPARTURE_GRACE_MS: whole(0, DAY_MS),
  LEAVE_WHEN: {
    good: [
      ['any-human', 'any-human'],
      ['Last-Human', 'last-human'],
    ],
    bad: ['nobody'],
  },
  NEW_TURN_WHILE_REPLYING: { good: [['interrupt', 'interrupt']], bad: ['both'] },
  CHAT_SETTLE_MS: whole(0, 60_000),
  CHARACTER_CACHE_TTL_MS: whole(0, DAY_MS),
  ROOM_ID: anyText,
  GATEWAY_API_KEYS: {
    good: [['0123456789abcdef, a-second-long-key', ['0123456789abcdef', 'a-second-long-key']]],
    bad: [',', 'short', '0123456789abcdef,short', 'a long one with spaces'],
  },
  HTTP_HOST: { good: [['0.0.0.0', '0.0.0.0']], bad: [] },
  HTTP_PORT: whole(0, 65_535),
  LOG_LEVEL: {
    good: [
      ['DEBUG', 'debug'],
      ['silent', 'silent'],
    ],
    bad: ['loud', 'trace'],
  },
};

describe('readConfig', () => {
  const cases = Object.entries(EACH) as [keyof Config, (typeof EACH)['LOG_LEVEL']][];

  it.each(cases)('%s is read as it is meant, and refused by name', (name, cases) => {
    for (const [text, value] of cases.good) {
      expect(readConfig({ ...WORKING, [name]: ` ${text} ` }, 'queue')[name]).toEqual(value);
    }
    for (const text of cases.bad) {
      const problems = problemsOf({ ...WORKING, [name]: text });
      expect(problems, text).toEqual([expect.stringMatching(new RegExp(`^${name} is `))]);
      expect(problems[0]).toContain(variables[name].about);
    }
  });

  it('fills in defaults, and takes an empty value for none', () => {
    const empty = Object.fromEntries(Object.keys(variables).map((name) => [name, ' ']));
    expect(readConfig({ ...empty, ...WORKING }, 'queue')).toEqual(readConfig(WORKING, 'queue'));
    expect(readConfig(WORKING, 'queue')).toMatchObject({
      AWS_REGION: 'us-east-1',
      AUDIO_ENABLED: false,
      IDLE_TIMEOUT_MS: 30_000,
      VISIBILITY_TIMEOUT_S: 60,
      MAX_CONCURRENT_ROOMS: 10,
      LIVEKIT_ICE_SERVERS: undefined,
      LOG_LEVEL: 'info',
    });
  });

  it('lists every problem in one message, without the values', () => {
    const problems = problemsOf({
      ...WORKING,
      LIVEKIT_API_SECRET: '',
      LIVEKIT_URL: 'tcp://x',
      IDLE_TIMEOUT_MS: '1s',
    });
    expect(problems.map((line) => line.split(' ')[0])).toEqual([
      'LIVEKIT_URL',
      'LIVEKIT_API_SECRET',
      'IDLE_TIMEOUT_MS',
    ]);
    for (const secret of ['very-secret', 'service-key', 'router-key', 'tcp://x', '1s:']) {
      expect(problems.join()).not.toContain(secret);
    }
  });

  it('needs of each command what it cannot run without', () => {
    const missing = (need: Need): readonly string[] =>
      problemsOf({}, need).map((line) => line.replace(/ is missing: .*$/, ''));
    const bot = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'];
    const database = ['SUPABASE_URL', 'SUPABASE_SERVICE_ROLE'];
    const llm = 'OPENROUTER_API_KEY or OPENAI_API_KEY';
    expect(missing('queue')).toEqual([...bot, ...database, 'SQS_QUEUE_URL', llm]);
    expect(missing('room')).toEqual([...bot, ...database, llm]);
    expect(missing('producer')).toEqual(['SQS_QUEUE_URL']);
    expect(missing('database')).toEqual(database);
    expect(missing('gateway')).toEqual([...bot, ...database, 'SQS_QUEUE_URL', 'GATEWAY_API_KEYS']);
  });

  it('takes either provider’s key', () => {
    const { OPENROUTER_API_KEY: _key, ...rest } = WORKING;
    expect(readConfig({ ...rest, OPENAI_API_KEY: 'k' }, 'queue').OPENAI_API_KEY).toBe('k');
    expect(problemsOf({ ...rest, OPENAI_API_KEY: '  ' })).toEqual([
      'OPENROUTER_API_KEY or OPENAI_API_KEY is missing: the key of the LLM provider',
    ]);
  });
});

describe('applyEnvFile', () => {
  it('fills gaps, also empty ones, and never overrides the real environment', () => {
    const env: NodeJS.ProcessEnv = {
      LIVEKIT_URL: 'ws://real',
      LIVEKIT_API_KEY: '',
      SUPABASE_URL: ' ',
    };
    applyEnvFile(
      env,
      [
        '# a comment',
        'LIVEKIT_URL=ws://file',
        'LIVEKIT_API_KEY=k # the key',
        'export AWS_ACCESS_KEY_ID="a b"',
        'SUPABASE_URL=http://file',
        'ROOM_ID=',
        'WORKER_NAME="  "',
        '',
      ].join('\r\n'),
    );
    expect(env).toEqual({
      LIVEKIT_URL: 'ws://real',
      LIVEKIT_API_KEY: 'k',
      AWS_ACCESS_KEY_ID: 'a b',
      SUPABASE_URL: 'http://file',
    });
  });
});

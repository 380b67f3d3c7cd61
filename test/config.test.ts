import { describe, expect, it } from 'vitest';
import { applyEnvFile, ConfigError, readConfig } from '../src/config.ts';
import type { Config } from '../src/config.ts';
import { EACH } from './config-cases.ts';
import { variables } from '../src/variables.ts';
import type { Need } from '../src/variable.ts';

const WORKING = {
  LIVEKIT_URL: 'ws://127.0.0.1:7880',
  LIVEKIT_API_KEY: 'devkey',
  LIVEKIT_API_SECRET: 'very-secret',
  SUPABASE_URL: 'http://127.0.0.1:54321',
  SUPABASE_SERVICE_ROLE: 'service-key',
  SQS_QUEUE_URL: 'http://127.0.0.1:4566/q.fifo',
  OPENROUTER_API_KEY: 'router-key',
  GLADIA_STT_API_KEY: 'gladia-key',
  CARTESIA_TTS_API_KEY: 'cartesia-key',
  LLM2_BASE_URL: 'http://second',
  LLM2_MODEL: 'second/model',
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

  it('asks for the keys of a voice where all bots are to have one', () => {
    const { GLADIA_STT_API_KEY: _hears, CARTESIA_TTS_API_KEY: _speaks, ...silent } = WORKING;
    expect(problemsOf(silent)).toEqual([]);
    expect(problemsOf({ ...silent, AUDIO_ENABLED: 'true' })).toEqual([
      expect.stringMatching(/^GLADIA_STT_API_KEY or DEEPGRAM_API_KEY is missing/),
      expect.stringMatching(/^CARTESIA_TTS_API_KEY or ELEVENLABS_API_KEY is missing/),
    ]);
    const second = { DEEPGRAM_API_KEY: 'd', ELEVENLABS_API_KEY: 'e', AUDIO_ENABLED: 'true' };
    expect(problemsOf({ ...silent, ...second })).toEqual([]);
  });

  it('takes a second model only with its address', () => {
    const { LLM2_BASE_URL: _url, ...half } = WORKING;
    expect(problemsOf(half)).toEqual([expect.stringMatching(/^LLM2_BASE_URL and LLM2_MODEL/)]);
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

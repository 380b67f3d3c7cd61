import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyEnvFile, ConfigError, readConfig, variables } from '../src/config.ts';

const WORKING = {
  LIVEKIT_URL: 'ws://127.0.0.1:7880',
  LIVEKIT_API_KEY: 'devkey',
  LIVEKIT_API_SECRET: 'very-secret',
  SUPABASE_URL: 'http://127.0.0.1:54321',
  SUPABASE_SERVICE_ROLE: 'service-key',
  SQS_QUEUE_URL: 'http://127.0.0.1:4566/q.fifo',
  OPENROUTER_API_KEY: 'router-key',
};

describe('readConfig', () => {
  it('reads what is set and fills in defaults with their units', () => {
    const config = readConfig({ ...WORKING, MAX_CONCURRENT_ROOMS: '3' }, 'queue');
    expect(config).toMatchObject({
      LIVEKIT_URL: 'ws://127.0.0.1:7880',
      MAX_CONCURRENT_ROOMS: 3,
      AWS_REGION: 'us-east-1',
      IDLE_TIMEOUT_MS: 30_000,
      VISIBILITY_TIMEOUT_S: 60,
    });
  });

  it.each(['true', 'TRUE', 'True'])('takes %s as a flag', (said) => {
    expect(readConfig({ ...WORKING, AUDIO_ENABLED: said }, 'queue').AUDIO_ENABLED).toBe(true);
  });

  it('lists every problem in one message, without the values', () => {
    const env = {
      ...WORKING,
      LIVEKIT_API_SECRET: '',
      LIVEKIT_URL: 'tcp://x',
      IDLE_TIMEOUT_MS: '1s',
    };
    let message = '';
    try {
      readConfig(env, 'queue');
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      message = (error as Error).message;
    }
    expect(message.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'LIVEKIT_URL',
      'LIVEKIT_API_SECRET',
      'IDLE_TIMEOUT_MS',
    ]);
    for (const secret of ['very-secret', 'service-key', 'router-key', 'tcp://x', '1s:']) {
      expect(message).not.toContain(secret);
    }
  });

  it('needs the queue only where one is used', () => {
    const { SQS_QUEUE_URL: _queue, ...rest } = WORKING;
    expect(() => readConfig(rest, 'room')).not.toThrow();
    expect(() => readConfig(rest, 'queue')).toThrow('SQS_QUEUE_URL is missing');
    expect(() => readConfig({ SQS_QUEUE_URL: WORKING.SQS_QUEUE_URL }, 'producer')).not.toThrow();
  });

  it('takes either provider key and misses both', () => {
    const { OPENROUTER_API_KEY: _key, ...rest } = WORKING;
    expect(() => readConfig({ ...rest, OPENAI_API_KEY: 'k' }, 'queue')).not.toThrow();
    expect(() => readConfig(rest, 'queue')).toThrow('OPENROUTER_API_KEY or OPENAI_API_KEY');
  });
});

describe('applyEnvFile', () => {
  it('fills gaps, also empty ones, and never overrides the real environment', () => {
    const env: NodeJS.ProcessEnv = { LIVEKIT_URL: 'ws://real', LIVEKIT_API_KEY: '' };
    applyEnvFile(
      env,
      'LIVEKIT_URL=ws://file\nLIVEKIT_API_KEY=k\nAWS_ACCESS_KEY_ID="a b"\nROOM_ID=\n',
    );
    expect(env).toEqual({
      LIVEKIT_URL: 'ws://real',
      LIVEKIT_API_KEY: 'k',
      AWS_ACCESS_KEY_ID: 'a b',
    });
  });
});

describe('.env.example', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const named = lines.flatMap((line) => /^#? ?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1] ?? []);

  it('names every variable of the schema once, and no other but the SDK’s own', () => {
    const sdk = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'RUST_LOG'];
    expect([...named].sort()).toEqual([...Object.keys(variables), ...sdk].sort());
  });

  it('explains each with the schema’s own words, default and unit', () => {
    for (const [name, variable] of Object.entries(variables)) {
      const at = lines.findIndex((line) => line.includes(`${name}=`));
      const explained = lines[at - 1] ?? '';
      expect(explained, name).toContain(variable.about);
      if ('unit' in variable) expect(explained, name).toContain(`(${variable.unit})`);
      const fallback = variable.schema.parse(undefined);
      if (fallback !== undefined && fallback !== '') {
        expect(lines[at], name).toBe(`# ${name}=${String(fallback)}`);
      }
    }
  });
});

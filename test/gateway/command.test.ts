import { describe, expect, it } from 'vitest';
import { startWorkerProcess } from '../../dev/worker-process.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack({ parts: ['livekit', 'queue', 'database'] });
const KEY = 'the-key-of-the-tests';

const start = (env: Readonly<Record<string, string>>) =>
  startWorkerProcess(
    { ...stack().env, GATEWAY_API_KEYS: KEY, ...env },
    ['gateway'],
    () => undefined,
  );

describe('npx troupe gateway', () => {
  it('serves until it is asked to end, without a key of any model', async () => {
    await using gateway = start({ OPENROUTER_API_KEY: '', OPENAI_API_KEY: '' });
    const url = await gateway.healthUrl();
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const headers = { authorization: `Bearer ${KEY}` };
    const answer = await fetch(`${url}/v1/characters`, { headers });
    expect(await answer.json()).toEqual({ characters: [] });
    gateway.signal('SIGTERM');
    expect(await gateway.exited).toBe(0);
  });

  it('starts while the database is away, and says so to each who asks', async () => {
    await using gateway = start({ SUPABASE_URL: 'http://127.0.0.1:9' });
    const url = await gateway.healthUrl();
    const headers = { authorization: `Bearer ${KEY}` };
    expect((await fetch(`${url}/v1/characters`, { headers })).status).toBe(503);
  });

  it.each([
    ['without a key', { GATEWAY_API_KEYS: '' }, 2, 'GATEWAY_API_KEYS is missing'],
    ['with the wrong role', { SUPABASE_SERVICE_ROLE: 'none' }, 1, 'SUPABASE_SERVICE_ROLE'],
  ])('does not start %s', async (_what, env, code, why) => {
    await using gateway = start(env);
    expect(await gateway.exited).toBe(code);
    expect(gateway.log.map(({ message }) => message).join('\n')).toContain(why);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openOpenAiSimulator } from '../../../dev/simulators/openai/server.ts';
import type { OpenAiSimulator } from '../../../dev/simulators/openai/server.ts';
import type { FaultInput } from '../../../dev/simulators/openai/settings.ts';
import { checkLlm } from '../../../src/adapters/openai/check.ts';
import { makeOpenAiLlm } from '../../../src/adapters/openai/llm.ts';
import type { LlmEvent } from '../../../src/ports/llm.ts';
import { holds } from '../../support/holds.ts';

const live = new AbortController().signal;

describe.each(['openrouter', 'openai'] as const)('%s', (provider) => {
  let simulator: OpenAiSimulator;
  beforeAll(async () => {
    simulator = await openOpenAiSimulator({ provider });
  });
  afterEach(() => void simulator.disarm());
  afterAll(() => simulator[Symbol.asyncDispose]());

  const ask = (changes: { model?: string; apiKey?: string } = {}, signal = live) => {
    const { model = 'meta-llama/llama-3.1-8b-instruct', apiKey = simulator.apiKey } = changes;
    const llm = makeOpenAiLlm({ apiKey, baseUrl: simulator.url });
    const messages = [{ role: 'user', content: 'my secret is tea' }] as const;
    return llm.stream({ model, messages, maxTokens: 50 }, signal);
  };
  const fail = async (fault?: FaultInput, changes = {}): Promise<unknown> => {
    if (fault !== undefined) simulator.arm({ ...fault, times: 1 });
    const failed = await Array.fromAsync(ask(changes)).catch((error: unknown) => error);
    // Whatever a provider says of a request may quote it.
    expect(String(failed)).not.toContain('tea');
    return failed;
  };

  it.each([
    ['a wrong key', { kind: 'unauthorized' }, 'auth', 'provider', false],
    ['no credits', { kind: 'no-credits' }, 'quota', 'provider', false],
    ['a model that is not for us', { kind: 'forbidden' }, 'forbidden', 'room', false],
    ['an unknown model', { kind: 'unknown-model' }, 'rejected', 'room', false],
    ['a server that fails', { kind: 'server-error' }, 'unavailable', 'provider', true],
    ['its upstream down', { kind: 'server-error', status: 503 }, 'unavailable', 'provider', true],
    ['a connection that breaks at once', { kind: 'reset' }, 'unavailable', 'provider', true],
    ['a connection that breaks', { kind: 'cut', afterTokens: 2 }, 'unavailable', 'provider', true],
    ['a broken chunk', { kind: 'malformed-chunk' }, 'malformed', 'provider', true],
    ['an error in the stream', { kind: 'stream-error' }, 'unavailable', 'provider', true],
  ] as const)('%s', async (_what, fault, kind, whose, retryable) => {
    expect(await fail(fault)).toMatchObject({ service: 'llm', kind, fault: whose, retryable });
  });

  it('a rate limit, and when to come back', async () => {
    expect(await fail({ kind: 'rate-limited', retryAfterMs: 2_000 })).toMatchObject({
      kind: 'quota',
      fault: 'provider',
      retryable: true,
      retryAfterMs: 2_000,
    });
  });

  it('a model that the provider never had, and a key that is none of its', async () => {
    expect(await fail(undefined, { model: 'no-such/model' })).toMatchObject({
      kind: 'rejected',
      fault: 'room',
      message: expect.stringContaining('model'),
    });
    const refused = await fail(undefined, { apiKey: 'sk-mine-alone' });
    expect(refused).toMatchObject({ kind: 'auth', message: expect.stringContaining('API_KEY') });
    expect(String(refused)).not.toContain('sk-mine');
  });

  it('silence without even headers ends with whoever waits', async () => {
    simulator.arm({ kind: 'hang', times: 1 });
    const asker = new AbortController();
    const heard = Array.fromAsync(ask({}, asker.signal));
    await holds(() => expect(simulator.requests().at(-1)?.outcome).toBe('open'));
    asker.abort(new Error('the watchdog'));
    expect(await heard).toEqual([]);
    await holds(() => expect(simulator.requests().at(-1)?.outcome).toBe('aborted'));
  });

  it('an endless answer ends when nobody listens any more', async () => {
    simulator.arm({ kind: 'endless-answer', times: 1 });
    const heard: LlmEvent[] = [];
    for await (const event of ask()) if (heard.push(event) === 2_000) break;
    await holds(() => expect(simulator.requests().at(-1)?.outcome).toBe('aborted'));
  });

  it('a length that is reached', async () => {
    simulator.configure({ replies: [{ reply: 'la '.repeat(80) }] });
    const events = await Array.fromAsync(ask());
    simulator.configure({ replies: [] });
    expect(events.at(-2)).toEqual({ type: 'finished', reason: 'length' });
    expect(events.at(-1)).toMatchObject({ usage: { completionTokens: 50 } });
  });

  it('what it bills is what it says', async () => {
    const events = await Array.fromAsync(ask());
    const { promptTokens, completionTokens } = simulator.requests().at(-1)!;
    expect(events.at(-1)).toEqual({
      type: 'usage',
      usage: {
        promptTokens,
        completionTokens,
        ...(provider === 'openrouter' && { cost: expect.any(Number) }),
      },
    });
  });

  describe('checked', () => {
    const check = (changes: { apiKey?: string; model?: string } = {}, signal = live) =>
      checkLlm(
        { apiKey: simulator.apiKey, baseUrl: simulator.url, model: 'gpt-5-mini', ...changes },
        signal,
      );

    it('is well', async () => {
      await expect(check()).resolves.toBeUndefined();
    });

    it('says which key or model is wrong, also where models are shown to everybody', async () => {
      await expect(check({ apiKey: 'sk-no' })).rejects.toMatchObject({ kind: 'auth' });
      await expect(check({ model: 'nobody/knows' })).rejects.toMatchObject({ kind: 'rejected' });
    });

    it('ends with whoever waits, for his reason', async () => {
      simulator.arm({ kind: 'hang', times: 1 });
      const asker = new AbortController();
      const checked = check({}, asker.signal);
      await holds(() => expect(simulator.requests().at(-1)?.outcome).toBe('open'));
      asker.abort(new Error('long enough'));
      await expect(checked).rejects.toThrow('long enough');
    });
  });
});

it('nobody at the address', async () => {
  const gone = await openOpenAiSimulator();
  await gone[Symbol.asyncDispose]();
  const llm = makeOpenAiLlm({ apiKey: gone.apiKey, baseUrl: gone.url });
  const asked = Array.fromAsync(llm.stream({ model: 'm', messages: [], maxTokens: 1 }, live));
  await expect(asked).rejects.toMatchObject({ kind: 'unavailable', fault: 'provider' });
});

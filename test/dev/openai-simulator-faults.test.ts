import {
  APIConnectionError,
  APIConnectionTimeoutError,
  AuthenticationError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  type APIError,
  OpenAI,
} from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOpenAiSimulator, type OpenAiSimulator } from '../../dev/simulators/openai/server.ts';

const model = 'gpt-4.1-mini';

let simulator: OpenAiSimulator;
let client: OpenAI;

beforeEach(async () => {
  simulator = await openOpenAiSimulator();
  client = new OpenAI({
    baseURL: simulator.url,
    apiKey: simulator.apiKey,
    maxRetries: 0,
    logLevel: 'off',
  });
});

afterEach(() => simulator[Symbol.asyncDispose]());

interface Seen {
  text: string;
  tokens: number;
  reason: string | undefined;
}

/** Reads a streamed answer as the SDK shows it; `until` aborts when it has seen enough. */
async function listen(said = 'Hi', until: (seen: Seen) => boolean = () => false): Promise<Seen> {
  const stream = await client.chat.completions.create({
    model,
    messages: [{ role: 'user', content: said }],
    stream: true,
  });
  const seen: Seen = { text: '', tokens: 0, reason: undefined };
  for await (const chunk of stream) {
    const choice = chunk.choices[0];
    if (choice?.delta.content) {
      seen.text += choice.delta.content;
      seen.tokens++;
    }
    seen.reason = choice?.finish_reason ?? seen.reason;
    if (until(seen)) stream.controller.abort();
  }
  return seen;
}

function lastRequest(): ReturnType<OpenAiSimulator['requests']>[number] | undefined {
  return simulator.requests().at(-1);
}

describe('faults, as the SDK sees them', () => {
  it.each([
    ['unauthorized', AuthenticationError, 401, 'invalid_api_key'],
    ['no-credits', RateLimitError, 429, 'insufficient_quota'],
    ['forbidden', PermissionDeniedError, 403, 'model_not_found'],
    ['unknown-model', NotFoundError, 404, 'model_not_found'],
    ['rate-limited', RateLimitError, 429, 'rate_limit_exceeded'],
    ['server-error', InternalServerError, 500, null],
  ] as const)('%s', async (kind, error, status, code) => {
    simulator.arm({ kind });
    const refused = await listen().catch((reason: unknown) => reason);
    expect(refused).toBeInstanceOf(error);
    expect(refused).toMatchObject({ status, code });
    expect(lastRequest()).toMatchObject({ fault: kind, outcome: 'rejected', status });
    expect(simulator.totals().totalTokens).toBe(0);
  });

  it('says when to come back, and lets the SDK succeed then', async () => {
    simulator.arm({ kind: 'rate-limited', retryAfterMs: 1, times: 1 });
    const refused = await listen().catch((reason: APIError) => reason.headers);
    expect(Object.fromEntries(refused as Headers)).toMatchObject({
      'retry-after': '1',
      'retry-after-ms': '1',
    });
    simulator.arm({ kind: 'rate-limited', retryAfterMs: 1, times: 1 });
    client = client.withOptions({ maxRetries: 1 });
    expect((await listen()).reason).toBe('stop');
    expect(simulator.requests().map(({ outcome }) => outcome)).toEqual([
      'rejected',
      'rejected',
      'completed',
    ]);
  });

  it('hang: not even headers', async () => {
    simulator.arm({ kind: 'hang' });
    client = client.withOptions({ timeout: 50 });
    await expect(listen()).rejects.toThrow(APIConnectionTimeoutError);
    await expect.poll(() => lastRequest()?.outcome).toBe('aborted');
  });

  it.each([0, 3])('stall after %i tokens: headers, then silence', async (afterTokens) => {
    simulator.arm({ kind: 'stall', afterTokens });
    const stream = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    });
    const chunks = stream[Symbol.asyncIterator]();
    for (let seen = 0; seen <= afterTokens; seen++) await chunks.next();
    const next = chunks.next();
    await expect
      .poll(() => lastRequest())
      .toMatchObject({
        outcome: 'open',
        completionTokens: afterTokens,
      });
    stream.controller.abort();
    expect((await next).done).toBe(true);
    await expect.poll(() => lastRequest()?.outcome).toBe('aborted');
  });

  it('reset: gone before any byte', async () => {
    simulator.arm({ kind: 'reset' });
    await expect(listen()).rejects.toThrow(APIConnectionError);
    expect(lastRequest()).toMatchObject({ outcome: 'failed', promptTokens: 0 });
  });

  it('cut: the tokens arrive, then the connection breaks', async () => {
    simulator.arm({ kind: 'cut', afterTokens: 2 });
    let tokens = 0;
    const cut = listen('Hi', (seen) => {
      tokens = seen.tokens;
      return false;
    });
    await expect(cut).rejects.toThrow('terminated');
    expect(tokens).toBe(2);
    expect(lastRequest()).toMatchObject({ outcome: 'failed', completionTokens: 2 });
  });

  it('ends-early: a clean end without a finish reason', async () => {
    simulator.arm({ kind: 'ends-early', afterTokens: 2 });
    expect(await listen()).toEqual({ text: 'I heard', tokens: 2, reason: undefined });
  });

  it('malformed-chunk', async () => {
    simulator.arm({ kind: 'malformed-chunk', afterTokens: 2 });
    await expect(listen()).rejects.toThrow(SyntaxError);
  });

  it('stream-error: an error object in the stream', async () => {
    simulator.arm({ kind: 'stream-error', afterTokens: 2 });
    await expect(listen()).rejects.toMatchObject({ error: { type: 'server_error' } });
    expect(lastRequest()).toMatchObject({ outcome: 'failed', status: 200 });
  });

  it('stream-error of OpenRouter: the chunk carries the error and says that it finished', async () => {
    await using router = await openOpenAiSimulator({ provider: 'openrouter' });
    client = new OpenAI({ baseURL: router.url, apiKey: router.apiKey, maxRetries: 0 });
    router.arm({ kind: 'stream-error', afterTokens: 2 });
    await expect(listen()).rejects.toMatchObject({ error: { code: 502 } });
  });

  it('content-filter, empty-answer, endless-answer', async () => {
    simulator.arm({ kind: 'content-filter', afterTokens: 1, times: 1 });
    expect(await listen()).toEqual({ text: 'I', tokens: 1, reason: 'content_filter' });
    simulator.arm({ kind: 'empty-answer', times: 1 });
    expect(await listen()).toEqual({ text: '', tokens: 0, reason: 'stop' });
    simulator.arm({ kind: 'endless-answer', times: 1 });
    const endless = await listen('Hi', ({ tokens }) => tokens === 5000);
    expect(endless).toMatchObject({ tokens: 5000, reason: undefined });
    await expect.poll(() => lastRequest()?.outcome).toBe('aborted');
  });

  it('breaks answers without a stream too', async () => {
    const ask = (): Promise<unknown> =>
      client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] });
    simulator.arm({ kind: 'stream-error', times: 1 });
    await expect(ask()).rejects.toMatchObject({ status: 502 });
    simulator.arm({ kind: 'cut', times: 1 });
    await expect(ask()).rejects.toThrow(APIConnectionError);
    simulator.arm({ kind: 'malformed-chunk', times: 1 });
    await expect(ask()).rejects.toThrow(SyntaxError);
    client = client.withOptions({ timeout: 50 });
    simulator.arm({ kind: 'stall', times: 1 });
    await expect(ask()).rejects.toThrow(APIConnectionTimeoutError);
  });
});

describe('whom a fault strikes', () => {
  it('only requests that contain its text, as often as it was armed for', async () => {
    simulator.arm({ kind: 'empty-answer', match: 'room-7', times: 2 });
    expect((await listen('in room-8')).tokens).toBeGreaterThan(0);
    expect((await listen('in room-7')).tokens).toBe(0);
    expect((await listen('in room-7')).tokens).toBe(0);
    expect((await listen('in room-7')).tokens).toBeGreaterThan(0);
    expect(simulator.requests('room-8')).toHaveLength(1);
  });

  it('everybody until it is disarmed', async () => {
    const { id } = simulator.arm({ kind: 'empty-answer' });
    expect((await listen()).tokens).toBe(0);
    expect((await listen()).tokens).toBe(0);
    expect(simulator.disarm(id)).toBe(true);
    expect((await listen()).tokens).toBeGreaterThan(0);
  });
});

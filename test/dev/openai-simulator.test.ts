import { NotFoundError, OpenAI } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOpenAiSimulator, type OpenAiSimulator } from '../../dev/simulators/openai/server.ts';

const model = 'meta-llama/llama-3.1-8b-instruct';

let simulator: OpenAiSimulator;
let client: OpenAI;

beforeEach(async () => {
  simulator = await openOpenAiSimulator();
  client = connect(simulator);
});

afterEach(() => simulator[Symbol.asyncDispose]());

function connect(to: OpenAiSimulator): OpenAI {
  return new OpenAI({ baseURL: to.url, apiKey: to.apiKey, maxRetries: 0 });
}

function user(content: string): { role: 'user'; content: string } {
  return { role: 'user', content };
}

async function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${simulator.url}/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${simulator.apiKey}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** The events of a streamed answer to "Hi", as they stand on the wire. */
async function streamRaw(more: object = {}): Promise<{ response: Response; events: string[] }> {
  const response = await post({ model, messages: [user('Hi')], stream: true, ...more });
  const text = await response.text();
  return { response, events: text.split('\n\n').filter((event) => event !== '') };
}

describe('the wire of OpenAI', () => {
  it('streams a role chunk, tokens, a finish reason, usage and the end mark', async () => {
    const { response, events } = await streamRaw({ stream_options: { include_usage: true } });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(events.at(-1)).toBe('data: [DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice(6)));
    expect(chunks[0]).toMatchObject({
      object: 'chat.completion.chunk',
      model,
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
      usage: null,
    });
    expect(chunks[1].choices).toEqual([
      { index: 0, delta: { content: 'I' }, logprobs: null, finish_reason: null },
    ]);
    expect(chunks.at(-2).choices).toMatchObject([{ delta: {}, finish_reason: 'stop' }]);
    const completion_tokens = chunks.length - 3;
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 7, completion_tokens, total_tokens: completion_tokens + 7 },
    });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  it('keeps usage to itself unless it is asked for', async () => {
    const { events } = await streamRaw();
    expect(events.join('')).not.toContain('usage');
  });

  it('answers the same without a stream, cut at the token limit', async () => {
    const messages = [user('Tell me about the moon.')];
    const streamed = await client.chat.completions
      .stream({ model, messages, stream_options: { include_usage: true } })
      .finalChatCompletion();
    const whole = await client.chat.completions.create({ model, messages });
    expect(whole.choices[0]?.message.content).toBe(streamed.choices[0]?.message.content);
    expect(whole.usage).toEqual(streamed.usage);
    const cut = await client.chat.completions.create({ model, messages, max_tokens: 4 });
    expect(cut.choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { content: 'I heard you say' },
    });
    expect(cut.usage?.completion_tokens).toBe(4);
  });

  it('lists its models, and finds one with a slash in its name', async () => {
    const list = await client.models.list();
    expect(list.data.map(({ id }) => id)).toContain(model);
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
    await expect(client.models.retrieve('gpt-0')).rejects.toThrow(NotFoundError);
  });
});

describe('the wire of OpenRouter', () => {
  beforeEach(async () => {
    await simulator[Symbol.asyncDispose]();
    simulator = await openOpenAiSimulator({ provider: 'openrouter' });
    client = connect(simulator);
  });

  it('always tells usage with its cost, and wakes the stream with a comment', async () => {
    const { response, events } = await streamRaw();
    expect(response.headers.get('x-generation-id')).toMatch(/^gen-/);
    expect(events[0]).toBe(': OPENROUTER PROCESSING');
    const last = JSON.parse(events.at(-2)!.slice(6));
    expect(last).toMatchObject({ choices: [], usage: { prompt_tokens: 7 } });
    expect(last.usage.cost).toBeGreaterThan(0);
  });

  it('numbers its errors, and shows its models without a key', async () => {
    const stranger = new OpenAI({ baseURL: simulator.url, apiKey: 'other', maxRetries: 0 });
    const messages = [user('Hi')];
    expect((await stranger.models.list()).data).not.toEqual([]);
    await expect(stranger.chat.completions.create({ model, messages })).rejects.toMatchObject({
      status: 401,
      error: { message: 'User not found.', code: 401 },
    });
    await expect(
      client.chat.completions.create({ model: 'gpt-0', messages }),
    ).rejects.toMatchObject({ status: 400, error: { message: 'gpt-0 is not a valid model ID' } });
  });
});

describe('what OpenAI rejects', () => {
  const messages = [user('Hi')];
  it.each([
    ['no JSON', '{', 400, null, null],
    ['a list', [], 400, null, null],
    ['no model', { messages }, 400, null, null],
    ['an unknown model', { model: 'gpt-0', messages }, 404, null, 'model_not_found'],
    ['no messages', { model }, 400, 'messages', 'missing_required_parameter'],
    ['empty messages', { model, messages: [] }, 400, 'messages', 'empty_array'],
    ['messages as text', { model, messages: 'Hi' }, 400, 'messages', 'invalid_type'],
    ['a message as text', { model, messages: ['Hi'] }, 400, 'messages[0]', 'invalid_type'],
    [
      'a bad role',
      { model, messages: [{ role: 'bot', content: '' }] },
      400,
      'messages[0].role',
      'invalid_value',
    ],
    [
      'no role',
      { model, messages: [{ content: '' }] },
      400,
      'messages[0].role',
      'missing_required_parameter',
    ],
    ['no content', { model, messages: [{ role: 'user' }] }, 400, 'messages[0].content', null],
    [
      'a number as content',
      { model, messages: [{ role: 'user', content: 1 }] },
      400,
      'messages[0].content',
      'invalid_type',
    ],
    [
      'a name with a space',
      { model, messages: [{ ...user('Hi'), name: 'Ada L' }] },
      400,
      'messages[0].name',
      'invalid_value',
    ],
    ['a limit as text', { model, messages, max_tokens: '9' }, 400, 'max_tokens', 'invalid_type'],
    [
      'no tokens at all',
      { model, messages, max_tokens: 0 },
      400,
      'max_tokens',
      'integer_below_min_value',
    ],
    [
      'too much heat',
      { model, messages, temperature: 3 },
      400,
      'temperature',
      'decimal_above_max_value',
    ],
    ['what it does not know', { model, messages, heat: 1 }, 400, 'heat', 'unknown_parameter'],
    ['stream options alone', { model, messages, stream_options: {} }, 400, 'stream_options', null],
    [
      'the old limit for a new model',
      { model: 'gpt-5-mini', messages, max_tokens: 9 },
      400,
      'max_tokens',
      'unsupported_parameter',
    ],
  ])('%s', async (_what, body, status, param, code) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      error: { message: expect.any(String), type: 'invalid_request_error', param, code },
    });
    expect(simulator.requests()).toMatchObject([{ outcome: 'rejected', status, promptTokens: 0 }]);
  });

  it.each([
    ['no key', { authorization: '' }, 401, null],
    ['another scheme', { authorization: 'Basic sk-simulated' }, 401, null],
    ['another key', { authorization: 'Bearer other' }, 401, 'invalid_api_key'],
    ['a form', { 'content-type': 'text/plain' }, 400, 'unsupported_content_type'],
  ])('%s', async (_what, headers, status, code) => {
    const response = await post({ model, messages }, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code, param: null } });
  });

  it('a path without the version, and a wrong method', async () => {
    const root = simulator.url.replace('/v1', '');
    expect((await fetch(`${root}/chat/completions`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${simulator.url}/chat/completions`)).status).toBe(405);
  });
});

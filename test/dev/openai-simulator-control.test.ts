import { Agent, get } from 'node:http';
import { AuthenticationError, OpenAI } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokenize } from '../../dev/simulators/openai/tokens.ts';
import { openOpenAiSimulator, type OpenAiSimulator } from '../../dev/simulators/openai/server.ts';

const model = 'gpt-4.1-mini';

let simulator: OpenAiSimulator;
let client: OpenAI;

beforeEach(async () => {
  simulator = await openOpenAiSimulator();
  client = new OpenAI({ baseURL: simulator.url, apiKey: simulator.apiKey, maxRetries: 0 });
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

it('serves hundreds of streams at once', async () => {
  simulator.configure({ latency: { firstTokenMs: 50, perTokenMs: 2 } });
  const rooms = Array.from({ length: 300 }, (_, index) => `Hello from ${index}`);
  const answers = await Promise.all(rooms.map((said) => listen(said)));
  answers.forEach(({ text, reason }, index) => {
    expect(text).toContain(`"${rooms[index]}"`);
    expect(reason).toBe('stop');
  });
  expect(simulator.requests().every(({ outcome }) => outcome === 'completed')).toBe(true);
});

it('makes new connections wait, not the kept ones', async () => {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  const list = (agent: Agent): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${simulator.apiKey}` };
      const request = get(`${simulator.url}/models`, { agent, headers, timeout: 50 });
      request.once('response', (response) => response.resume().once('end', resolve));
      request.once('timeout', () => request.destroy(new Error('no answer')));
      request.once('error', reject);
    });
  await list(kept);
  simulator.configure({ latency: { connectMs: 60_000 } });
  await list(kept);
  await expect(list(new Agent())).rejects.toThrow('no answer');
  kept.destroy();
});

describe('the books', () => {
  it('record when the answer started, its first sentence, its end and its price', async () => {
    simulator.configure({ latency: { firstTokenMs: 10, perTokenMs: 2 } });
    const { tokens } = await listen('How are you?');
    const record = lastRequest()!;
    expect(record).toMatchObject({ model, stream: true, messageCount: 1, outcome: 'completed' });
    expect(record.messages).toEqual([{ role: 'user', text: 'How are you?' }]);
    expect(record.firstTokenAt! - record.arrivedAt).toBeGreaterThan(9);
    expect(record.firstSentenceAt).toBeGreaterThan(record.firstTokenAt!);
    expect(record.endedAt).toBeGreaterThan(record.firstSentenceAt!);
    expect(simulator.totals()).toEqual({
      requests: 1,
      promptTokens: record.promptTokens,
      completionTokens: tokens,
      totalTokens: record.promptTokens + tokens,
    });
    simulator.forget();
    expect(simulator.requests()).toEqual([]);
    expect(simulator.totals().totalTokens).toBe(0);
  });

  it.each([
    ['Well. Then.', 'Well.'],
    ['He went (he said "stop!") Then', 'He went (he said "stop!")'],
    ['Pi is 3.14. Yes.', 'Pi is 3.14.'],
    ['No end at all', 'No end at all'],
  ])('find the first sentence of: %s', async (reply, sentence) => {
    simulator.configure({ replies: [{ reply }] });
    simulator.arm({ kind: 'ends-early', afterTokens: tokenize(sentence).length, times: 1 });
    await listen();
    expect(lastRequest()).toHaveProperty('firstSentenceAt');
    simulator.arm({ kind: 'ends-early', afterTokens: tokenize(sentence).length - 1 });
    await listen();
    expect(lastRequest()).not.toHaveProperty('firstSentenceAt');
  });

  it('bill an aborted answer as far as it went', async () => {
    simulator.configure({
      replies: [{ says: 'slow', reply: 'One two three.', pace: { perTokenMs: 60_000 } }],
    });
    expect(await listen('slow', ({ tokens }) => tokens === 1)).toMatchObject({ text: 'One' });
    await expect
      .poll(() => lastRequest())
      .toMatchObject({
        outcome: 'aborted',
        completionTokens: 1,
      });
    expect(lastRequest()).not.toHaveProperty('firstSentenceAt');
  });
});

it('keeps no more messages than it has room for', async () => {
  for (let sent = 0; sent < 3; sent++) await listen('word '.repeat(400_000));
  const kept = simulator.requests().map(({ messages }) => messages?.length);
  expect(kept).toEqual([undefined, 1, 1]);
});

it('waits for a client that does not read', async () => {
  simulator.arm({ kind: 'endless-answer' });
  const stream = await client.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'Hi' }],
    stream: true,
  });
  let before = 0;
  await expect
    .poll(() => {
      const now = lastRequest()?.completionTokens ?? 0;
      const rests = now > 0 && now === before;
      before = now;
      return rests;
    })
    .toBe(true);
  stream.controller.abort();
});

describe('the control over HTTP', () => {
  async function control(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${simulator.controlUrl}${path}`, { method, body: JSON.stringify(body) ?? null });
  }

  it('sets, arms, lists and forgets like the handle', async () => {
    await control('PATCH', '/settings', { latency: { firstTokenMs: 1 }, apiKey: 'sk-new' });
    expect(simulator.settings().latency).toEqual({ connectMs: 0, firstTokenMs: 1, perTokenMs: 0 });
    await expect(listen()).rejects.toThrow(AuthenticationError);
    client = client.withOptions({ apiKey: simulator.apiKey });
    const armed = (await (
      await control('POST', '/faults', { kind: 'cut', match: 'x' })
    ).json()) as { id: string };
    expect(await (await control('GET', '/faults')).json()).toEqual([armed]);
    expect(armed).toMatchObject({ kind: 'cut', afterTokens: 0, match: 'x' });
    expect((await control('DELETE', `/faults/${armed.id}`)).status).toBe(204);
    expect(simulator.faults()).toEqual([]);
    await listen();
    const books = await (await control('GET', '/requests?match=Hi')).json();
    expect(books).toEqual({ totals: simulator.totals(), requests: [lastRequest()] });
    expect((await control('DELETE', '/requests')).status).toBe(204);
    expect(simulator.requests()).toEqual([]);
  });

  it('refuses what it does not know', async () => {
    const refused = await control('POST', '/faults', { kind: 'cut', retryAfterMs: 1 });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ error: expect.stringContaining('retryAfterMs') });
    expect((await control('PATCH', '/settings', { speed: 1 })).status).toBe(400);
    expect((await control('GET', '/speed')).status).toBe(404);
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTick } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { makeOpenAiLlm } from '../../../src/adapters/openai/llm.ts';
import type { LlmEvent } from '../../../src/ports/llm.ts';

/** A provider that says exactly this; tells how many connections were made to it. */
async function openProvider(serve: (response: ServerResponse) => void) {
  let connections = 0;
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      serve(response);
    });
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const llm = makeOpenAiLlm({ apiKey: 'key', baseUrl });
  const request = { model: 'm', messages: [], maxTokens: 5 };
  return {
    connections: () => connections,
    warmUp: () => llm.warmUp(),
    ask: (): Promise<LlmEvent[]> =>
      Array.fromAsync(llm.stream(request, new AbortController().signal)),
  };
}

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const delta = (content: unknown, more: object = {}): string =>
  data({ choices: [{ index: 0, delta: { content }, finish_reason: null, ...more }] });
const STOP = data({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const DONE = 'data: [DONE]\n\n';

async function askFor(...chunks: readonly string[]): Promise<LlmEvent[]> {
  const provider = await openProvider((response) => response.end(chunks.join('')));
  return await provider.ask();
}

const text = (said: string): LlmEvent => ({ type: 'text-delta', text: said });
const stopped: LlmEvent = { type: 'finished', reason: 'stop' };

it('reads only words as words', async () => {
  const events = await askFor(
    ': comments keep it awake\n\n',
    data({ choices: [], prompt_filter_results: [] }),
    delta('', { delta: { role: 'assistant' } }),
    delta(null, { delta: { reasoning: 'Let me think.', content: '' } }),
    delta('Hi'),
    delta(7),
    STOP,
    DONE,
  );
  expect(events).toEqual([text('Hi'), stopped]);
});

it('tells the end once, whatever reasons the provider invents', async () => {
  const invented = delta(null, { finish_reason: 'eos' });
  expect(await askFor(delta('Hi'), invented, STOP, DONE)).toEqual([text('Hi'), stopped]);
});

it('takes usage from any chunk, the last word of it last', async () => {
  const usage = (prompt_tokens: number) => ({ prompt_tokens, completion_tokens: 1 });
  const events = await askFor(
    data({ choices: [{ delta: { content: 'Hi' } }], usage: usage(1) }),
    STOP,
    data({ choices: [], usage: usage(2) }),
    DONE,
  );
  const told = (promptTokens: number): LlmEvent => ({
    type: 'usage',
    usage: { promptTokens, completionTokens: 1 },
  });
  expect(events).toEqual([text('Hi'), told(1), stopped, told(2)]);
});

it.each([
  [{}],
  ['much'],
  [{ prompt_tokens: 1 }],
  [{ prompt_tokens: null, completion_tokens: 1 }],
  [{ prompt_tokens: 1.5, completion_tokens: 1 }],
  [{ prompt_tokens: -1, completion_tokens: 1 }],
  [{ prompt_tokens: 1, completion_tokens: 3e9 }],
])('leaves out usage that no database takes: %j', async (usage) => {
  const events = await askFor(delta('Hi'), STOP, data({ choices: [], usage }), DONE);
  expect(events).toEqual([text('Hi'), stopped]);
});

it('leaves out a price that is none', async () => {
  const usage = { prompt_tokens: 1, completion_tokens: 1, cost: 'free' };
  const events = await askFor(delta('Hi'), STOP, data({ choices: [], usage }), DONE);
  expect(events.at(-1)).toEqual({
    type: 'usage',
    usage: { promptTokens: 1, completionTokens: 1 },
  });
});

it.each([
  ['null', 'null', 'malformed'],
  ['a text', '"hi"', 'malformed'],
  ['something else', '{"object": "list"}', 'malformed'],
  ['half a chunk', '{"choices": [', 'malformed'],
  ['an error without a number', '{"error": {"message": "no"}}', 'unavailable'],
  ['an error with a status', '{"error": {"code": 429, "message": "no"}}', 'quota'],
  ['a finish by error', '{"choices": [{"finish_reason": "error"}]}', 'unavailable'],
])('fails on %s in the stream', async (_what, chunk, kind) => {
  const asked = askFor(delta('Hi'), `data: ${chunk}\n\n`, STOP, DONE);
  await expect(asked).rejects.toMatchObject({ kind, service: 'llm', retryable: true });
});

it('fails on an answer that is no stream', async () => {
  const whole = JSON.stringify({ choices: [{ message: { content: 'Hi' } }] });
  await expect(askFor(whole)).rejects.toMatchObject({ kind: 'unavailable', service: 'llm' });
});

it('uses connections again whose answers were heard to the end', async () => {
  const provider = await openProvider((response) => {
    response.write(delta('Hi') + STOP);
    // The last bytes come behind the end that the SDK waits for.
    response.write(DONE);
    setTimeout(() => response.end(), 5);
  });
  for (let count = 0; count < 6; count += 1) await provider.ask();
  // The next question may come a moment before the connection is free.
  expect(provider.connections()).toBeLessThanOrEqual(2);
});

it('has a connection ready for who asks after it was warmed up, and makes none that is there', async () => {
  const provider = await openProvider((response) => response.end(delta('Hi') + STOP + DONE));
  await provider.warmUp();
  await provider.warmUp();
  expect(provider.connections()).toBe(1);
  // The connection is free a moment after the answer.
  await nextTick();
  await provider.ask();
  await provider.warmUp();
  expect(provider.connections()).toBe(1);
});

it('says nothing where it cannot be warmed up', async () => {
  const nobody = makeOpenAiLlm({ apiKey: 'key', baseUrl: 'http://127.0.0.1:1' });
  await expect(nobody.warmUp()).resolves.toBeUndefined();
});

it('waits for no end of the connection that does not come', async () => {
  const provider = await openProvider((response) => response.write(delta('Hi') + STOP + DONE));
  expect(await provider.ask()).toEqual([text('Hi'), stopped]);
});

it('is mute, whatever goes wrong and whatever the environment asks of the SDK', async () => {
  vi.stubEnv('OPENAI_LOG', 'debug');
  const printed = (['debug', 'info', 'log', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(console, level).mockReturnValue(undefined),
  );
  await askFor(delta('Hi'), STOP, DONE);
  await expect(askFor(delta('Hi'), 'data: {"my secret\n\n')).rejects.toThrow();
  for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

import type { ServerResponse } from 'node:http';
import * as fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { openHttpServer } from '../../dev/simulators/common/http-server.ts';
import type { HttpServer } from '../../dev/simulators/common/http-server.ts';
import { makeOpenAiLlm } from '../../src/adapters/openai/llm.ts';
import { makeSupabase } from '../../src/adapters/supabase/client.ts';
import { makeDirectory } from '../../src/adapters/supabase/directory.ts';
import { makeLeaseTable } from '../../src/adapters/supabase/lease-table.ts';
import { makeMemoryStore } from '../../src/adapters/supabase/memory-store.ts';
import { makeSessionRegistry } from '../../src/adapters/supabase/session-registry.ts';
import { isTroupeError } from '../../src/errors.ts';
import type { LlmEvent } from '../../src/ports/llm.ts';
import { anyJson, hostileText, mutated } from './hostile.ts';

let server: HttpServer | undefined;
afterEach(() => server?.[Symbol.asyncDispose]());

/** A server that answers request by request what `answer` writes. */
async function serve(answer: (response: ServerResponse) => void): Promise<string> {
  server = await openHttpServer(0, (request, response) => {
    request.resume();
    answer(response);
    return Promise.resolve();
  });
  return `http://${server.host}`;
}

/** What work gave or threw; anything but an error of ours fails. */
async function resultOf<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!isTroupeError(error)) throw error;
    return undefined;
  }
}

const CHARACTER = {
  id: '7',
  name: 'Mira',
  description: 'You are Mira.',
  language: 'en',
  model: null,
  greeting: null,
  talk_mode: 'voice',
  voice: null,
  stt: null,
  tts: null,
  tagline: 'x',
  addressing: { rule: 'auto', names: ['Mia'], phrases: [] },
};
const MESSAGE = {
  role: 'user',
  id: 'i',
  speaker: 's',
  name: 'n',
  text: 't',
  at: 1,
  addressed: true,
};
const ROWS = [
  [CHARACTER],
  [{ id: '7', character_id: '7', chat_lines: true }],
  { version: 1, messages: [MESSAGE] },
  [{ id: 1, epoch: 1, kind: 'message', message: MESSAGE }],
  { granted: true, epoch: 1, generation: 1, arrival: 'fresh', joined: false },
  { granted: false, refusal: 'ended' },
  { code: '22P02', message: 'm', details: null, hint: null },
];

it('whatever the database answers is read, or an error of ours', async () => {
  let body = '';
  let status = 200;
  const url = await serve((response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
  });
  const supabase = makeSupabase({ url, serviceRoleKey: 'key' });
  const directory = makeDirectory(supabase);
  const memory = makeMemoryStore(supabase);
  const leases = makeLeaseTable(supabase);
  const sessions = makeSessionRegistry(supabase);
  const lease = { room: 'r', epoch: 1 };
  const calls: readonly (() => Promise<unknown>)[] = [
    () => directory.loadCharacter('7'),
    () => directory.loadSession('7'),
    () => directory.check(),
    () => memory.load('s'),
    () => memory.readInbox('s'),
    () => leases.holds([lease]),
    () => leases.claimJoined(lease),
    () => sessions.listCharacters(9),
    () => sessions.add({ characterId: '7', chatLines: true }),
  ];
  const sent = fc.oneof(
    { weight: 4, arbitrary: mutated(...ROWS).map((one) => JSON.stringify(one)) },
    anyJson.map((one) => JSON.stringify(one)),
    hostileText,
  );
  const statuses = fc.constantFrom(200, 200, 200, 201, 206, 400, 404, 406, 409, 500);
  const all = fc.sample(fc.tuple(sent, statuses), { numRuns: 25, seed: 3 });
  let done = 0;
  for (const [answer, code] of all) {
    [body, status] = [answer, code];
    await Promise.all(calls.map((call) => resultOf(call())));
    done += calls.length;
  }
  expect(done).toBe(all.length * calls.length);
});

const CHUNK = {
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: { role: 'assistant', content: 'Hi' }, finish_reason: null }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const LAST = { ...CHUNK, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };

it('whatever a model streams is read, or an error of ours', async () => {
  let body = '';
  const baseUrl = await serve((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(body);
  });
  const llm = makeOpenAiLlm({ apiKey: 'k', baseUrl });
  const read = async (): Promise<readonly LlmEvent[]> => {
    const request = { model: 'm', messages: [], maxTokens: 10 };
    return await Array.fromAsync(llm.stream(request, AbortSignal.timeout(5_000)));
  };
  const line = fc.oneof(
    { weight: 5, arbitrary: mutated(CHUNK, LAST).map((one) => `data: ${JSON.stringify(one)}`) },
    anyJson.map((one) => `data: ${JSON.stringify(one)}`),
    hostileText.map((text) => `data: ${text}`),
    hostileText,
    fc.constantFrom('data: [DONE]', ': comment', 'event: error', 'data: {"error": {"code": 429}}'),
  );
  const bodies = fc.sample(fc.array(line, { maxLength: 5 }), { numRuns: 60, seed: 5 });
  const odd = ['constructor', '__proto__', 'toString', { toString: 1 }].map((finish_reason) => [
    `data: ${JSON.stringify({ ...LAST, choices: [{ index: 0, delta: {}, finish_reason }] })}`,
  ]);
  for (const lines of [...odd, ...bodies]) {
    body = `${lines.join('\n\n')}\n\n`;
    for (const event of (await resultOf(read())) ?? []) {
      if (event.type === 'text-delta') expect(typeof event.text).toBe('string');
      if (event.type === 'finished') {
        expect(['stop', 'length', 'content-filter']).toContain(event.reason);
      }
    }
  }
});

import { beforeAll, describe, expect, it } from 'vitest';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import type { FleetRoom } from '../support/fleet-room.ts';
import { ask, linesLike, openTalk } from '../support/talk.ts';

const fleet = useFleet();
const APOLOGY = /^Sorry, I could not answer that/;
const LONG = 'First this. Then that. And so on. In the end it is well.';
let worker: FleetWorker;

beforeAll(async () => {
  fleet().stack.llm.configure({
    // A turn that got no answer stands before the next one in the prompt: the later one counts.
    replies: [
      { says: 'are you well', reply: 'I am well.' },
      { says: 'what happens', reply: LONG },
    ],
  });
  worker = await fleet().openWorker({
    MAX_CONCURRENT_ROOMS: '30',
    LLM_MAX_TOKENS: '60',
    LLM_FIRST_TOKEN_TIMEOUT_MS: '1500',
    LLM_TOKEN_GAP_TIMEOUT_MS: '1500',
  });
});

describe.concurrent('a fault before the first token that passes', () => {
  it.each([
    ['429 with Retry-After', { kind: 'rate-limited', retryAfterMs: 700 }],
    ['500', { kind: 'server-error' }],
    ['503', { kind: 'server-error', status: 503 }],
    ['no answer at all', { kind: 'hang' }],
    ['a stall before the first token', { kind: 'stall' }],
    ['a reset connection', { kind: 'reset' }],
    ['a cut before the first token', { kind: 'cut' }],
    ['an error in place of a stream', { kind: 'stream-error' }],
  ] as const)('%s: asked again, answered, no apology', async (_what, fault) => {
    const { room, ada } = await openTalk(fleet(), fault.kind);
    await using _ada = ada;
    fleet().stack.llm.arm({ ...fault, times: 1, match: room.name });
    await ask(ada, `What happens in ${room.name}?`, /^First this\..* it is well\.$/);
    expect(linesLike(ada, APOLOGY)).toEqual([]);
    const [first, second, ...more] = fleet().stack.llm.requests(room.name);
    expect(more).toEqual([]);
    expect(first!.fault).toBe(fault.kind);
    const pauseMs = 'retryAfterMs' in fault ? fault.retryAfterMs : 0;
    expect(second!.arrivedAt - first!.arrivedAt).toBeGreaterThanOrEqual(pauseMs);
  });
});

describe.concurrent('a fault before the first token that stays', () => {
  it.each([
    ['401', { kind: 'unauthorized' }, 1],
    ['402', { kind: 'no-credits' }, 1],
    ['403', { kind: 'forbidden' }, 1],
    ['an unknown model', { kind: 'unknown-model' }, 1],
    ['429 with a long Retry-After', { kind: 'rate-limited', retryAfterMs: 60_000 }, 1],
    ['500', { kind: 'server-error' }, 3],
    ['an empty answer', { kind: 'empty-answer' }, undefined],
  ] as const)('%s: an apology, and the room lives on', async (_what, fault, tries) => {
    const { room, ada } = await openTalk(fleet(), fault.kind);
    await using _ada = ada;
    const { id } = fleet().stack.llm.arm({ ...fault, match: room.name });
    await ada.say(`What happens in ${room.name}?`);
    await ada.heard(APOLOGY);
    if (tries !== undefined) expect(fleet().stack.llm.requests(room.name)).toHaveLength(tries);
    await expectLife(id, room, ada);
  });
});

describe.concurrent('a fault in the middle of an answer', () => {
  it.each([
    ['a stall', { kind: 'stall' }],
    ['a cut connection', { kind: 'cut' }],
    ['an end without a reason', { kind: 'ends-early' }],
    ['a malformed chunk', { kind: 'malformed-chunk' }],
    ['an error', { kind: 'stream-error' }],
  ] as const)(
    '%s: what was said stays, an apology, and the room lives on',
    async (_what, fault) => {
      const { room, ada } = await openTalk(fleet(), fault.kind);
      await using _ada = ada;
      const { id } = fleet().stack.llm.arm({ ...fault, afterTokens: 8, match: room.name });
      await ada.say(`What happens in ${room.name}?`);
      await ada.heard(/^First this\.$/);
      await ada.heard(APOLOGY);
      const memory = await room.memoryThat('the apology', ({ length }) => length === 5);
      expect(memory.at(-2)).toMatchObject({
        role: 'assistant',
        text: expect.stringMatching(/^First this\. Then that\./),
      });
      expect(fleet().stack.llm.requests(room.name)).toHaveLength(1);
      await expectLife(id, room, ada);
    },
  );
});

it('a content filter in the middle: what was said stays, and the room lives on', async () => {
  const { room, ada } = await openTalk(fleet(), 'filtered');
  await using _ada = ada;
  const { llm } = fleet().stack;
  const { id } = llm.arm({ kind: 'content-filter', afterTokens: 8, match: room.name });
  await ask(ada, `What happens in ${room.name}?`, /^First this\. Then that\./);
  expect(linesLike(ada, /it is well/)).toEqual([]);
  await expectLife(id, room, ada);
});

it('an endless answer is cut at a bound, kept as far as it was said, and counted', async () => {
  const { room, ada } = await openTalk(fleet(), 'endless');
  await using _ada = ada;
  const { id } = fleet().stack.llm.arm({ kind: 'endless-answer', match: room.name });
  await ada.say(`What happens in ${room.name}?`);
  const memory = await room.memoryThat('the endless answer', ({ length }) => length === 4);
  expect(memory.at(-1)!.text.length).toBeLessThanOrEqual(60 * 8);
  expect(memory.at(-1)!.text.length).toBeGreaterThan(LONG.length);
  await expectLife(id, room, ada);
});

it('a character’s model that nobody has: an apology; the others’ rooms are served', async () => {
  await fleet().stack.database.sql(
    `insert into characters (id, name, description, model)
     values ('odd', 'Odd', 'You are Odd.', 'no-such-model')`,
  );
  const room = await fleet().openRoom('odd');
  await using ada = await room.enter();
  await room.call({ characterId: 'odd' });
  await ada.heard(/^Odd has joined the chat!$/);
  await ada.say('Are you there?');
  await ada.heard(APOLOGY);
  const { ada: other } = await openTalk(fleet(), 'even');
  await other[Symbol.asyncDispose]();
  expect(await worker.notReady()).toEqual([]);
});

it('a key that is refused from now on: readiness says which until it is taken again', async () => {
  const { room, ada } = await openTalk(fleet(), 'key');
  await using _ada = ada;
  const { apiKey } = fleet().stack.llm;
  fleet().stack.llm.configure({ apiKey: 'sk-another' });
  await ada.say('Who has the key?');
  await ada.heard(APOLOGY);
  await worker.notReadyFor(/OPENROUTER_API_KEY/);
  const later = await fleet().openRoom('later');
  await later.call();
  fleet().stack.llm.configure({ apiKey });
  await worker.joins(later);
  await ask(ada, 'Is it well again?', /Is it well again/);
  expect(await room.lease()).toMatchObject({ status: 'live', epoch: 1 });
  expect(await fleet().queue.deadLetters()).toEqual([]);
});

/** Without the fault the next question is answered; both turns are in the books. */
async function expectLife(
  faultId: string,
  room: FleetRoom,
  ada: Parameters<typeof ask>[0],
): Promise<void> {
  fleet().stack.llm.disarm(faultId);
  await ask(ada, 'Are you well?', /^I am well\.$/);
  await room.memoryThat(
    'the next answer',
    (all) => all.at(-1)?.text.startsWith('I am well') === true,
  );
  const turns = await fleet().stack.database.sql(
    'select prompt_tokens from turns where session = $1',
    [room.name],
  );
  expect(turns).toHaveLength(3);
  for (const turn of turns) expect(turn['prompt_tokens']).toBeGreaterThan(0);
}

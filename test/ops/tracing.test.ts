import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { openTracing } from '../../src/ops/tracing.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { openHandClock } from '../support/hand-clock.ts';
import { EACH } from './each-observation.ts';
import { openOtlpReceiver } from './otlp-receiver.ts';
import type { ReceivedSpan } from './otlp-receiver.ts';

const AT = Date.parse('2026-03-01T12:00:00Z');
const TALK = { room: 'lobby', session: 'talk', epoch: 2 } as const;
const TURN = { ...TALK, turnId: 'ann/1' } as const;

/** A spoken turn that was answered aloud, as a bot tells it, by the clock of the wall. */
const SPOKEN: readonly Observation[] = [
  {
    type: 'usage',
    ...TURN,
    kind: 'llm',
    provider: 'openai',
    model: 'gpt-4.1-mini',
    outcome: 'done',
    promptTokens: 20,
    completionTokens: 5,
    startedAt: AT + 100,
    firstMs: 200,
    tookMs: 300,
  },
  { type: 'turn-committed', ...TURN, channel: 'speech', addressed: true, at: AT + 260 },
  {
    type: 'usage',
    ...TURN,
    kind: 'tts',
    provider: 'cartesia',
    voice: 'v1',
    outcome: 'done',
    characters: 30,
    audioMs: 2_000,
    startedAt: AT + 380,
    firstMs: 90,
    tookMs: 400,
  },
  {
    type: 'reply-finished',
    ...TURN,
    channel: 'speech',
    end: 'finished',
    at: AT + 2_600,
    durationMs: 2_500,
    firstTokenMs: 200,
    firstSegmentMs: 400,
  },
  {
    ...EACH['reply-timed'],
    ...TURN,
    drafted: true,
    wholeMs: 500,
    moments: {
      voiced: AT,
      final: AT + 240,
      committed: AT + 260,
      decided: AT + 260,
      modelAsked: AT + 10,
      voiceAsked: AT + 280,
      audible: AT + 500,
      ended: AT + 2_600,
    },
  },
];

/** What a collector gets of these observations. */
async function traced(observations: readonly Observation[], share = 1) {
  await using receiver = await openOtlpReceiver();
  const tracing = open(receiver.url, () => undefined, share);
  for (const one of observations) {
    tracing.observe(one);
    // The times of a reply are told in the moment of its end, all else in one of its own.
    if (one.type !== 'reply-finished' || one.end === 'unused') await Promise.resolve();
  }
  await Promise.resolve();
  await tracing[Symbol.asyncDispose]();
  expect(receiver.faults).toEqual([]);
  return { spans: receiver.spans, resources: receiver.resources };
}

function open(
  endpoint: string,
  observe: (one: Observation) => void,
  share = 1,
  clock: Clock = systemClock,
) {
  const settings = { endpoint, service: 'troupe', version: '1.2.3', instance: 'worker-1', share };
  return openTracing({ clock, observe }, settings);
}

it('gives a turn one trace: the turn, and each stage within it', async () => {
  const { spans, resources } = await traced(SPOKEN);
  expect(new Set(spans.map(toRow))).toEqual(
    new Set([
      ['turn', 'turn', 0, 2_600],
      ['endpointing', 'turn', 0, 260],
      ['stt final', 'turn', 0, 240],
      ['chat gpt-4.1-mini', 'turn', 100, 400],
      ['text_to_speech cartesia', 'turn', 380, 780],
      ['playout', 'turn', 500, 2_600],
    ]),
  );
  expect(resources[0]).toEqual({
    'service.name': 'troupe',
    'service.version': '1.2.3',
    'service.instance.id': 'worker-1',
  });

  function toRow({ name, parentSpanId, startTimeUnixNano, endTimeUnixNano }: ReceivedSpan) {
    const parent = spans.find(({ spanId }) => spanId === parentSpanId)?.name ?? 'turn';
    const ms = (nanos: string): number => Number(BigInt(nanos) / 1_000_000n) - AT;
    return [name, parent, ms(startTimeUnixNano), ms(endTimeUnixNano)];
  }
});

it('derives the trace from session and turn, so that whoever answers goes on with it', async () => {
  const expected = createHash('sha256').update('["talk","ann/1"]').digest('hex').slice(0, 32);
  const [first] = (await traced(SPOKEN)).spans;
  const successor = SPOKEN.map((one) => ({ ...one, epoch: 3 }));
  const [other] = (await traced(successor.slice(3, 4))).spans;
  expect(first?.traceId).toBe(expected);
  expect(other?.traceId).toBe(expected);
  expect(other?.spanId).not.toBe(first?.spanId);
});

it('describes providers’ calls by the conventions for generative AI', async () => {
  const { spans } = await traced(SPOKEN);
  const chat = spans.find(({ name }) => name.startsWith('chat'));
  expect(chat).toMatchObject({
    kind: 3,
    values: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4.1-mini',
      'gen_ai.usage.input_tokens': 20,
      'gen_ai.usage.output_tokens': 5,
      'gen_ai.conversation.id': 'talk',
      'gen_ai.output.type': 'text',
    },
  });
  const speech = spans.find(({ name }) => name.startsWith('text_to_speech'));
  expect(speech?.values).toMatchObject({ 'gen_ai.output.type': 'speech', 'troupe.voice': 'v1' });
});

it('says what failed', async () => {
  const failed = { ...EACH.usage, ...TURN, outcome: 'failed', errorKind: 'quota' } as const;
  const { spans } = await traced([
    { ...failed, startedAt: AT, tookMs: 80 },
    { ...EACH['reply-finished'], ...TURN, end: 'failed', at: AT + 100, durationMs: 100 },
  ]);
  expect(spans).toHaveLength(2);
  for (const span of spans) {
    expect(span).toMatchObject({ status: { code: 2 }, values: { 'error.type': 'quota' } });
  }
});

it('begins the writing where its first words came, be it at once', async () => {
  const { spans } = await traced([
    {
      ...EACH['reply-finished'],
      ...TURN,
      at: AT + 100,
      durationMs: 100,
      firstTokenMs: 0,
      firstSegmentMs: 0,
    },
  ]);
  expect(spans.map(({ name }) => name).toSorted()).toEqual(['turn', 'writing']);
  const began = spans.map(({ startTimeUnixNano }) => BigInt(startTimeUnixNano) / 1_000_000n);
  expect(began).toEqual([BigInt(AT), BigInt(AT)]);
});

it('links the first turn after a handover to it, and no later one', async () => {
  const { spans } = await traced([
    { type: 'handover-sent', ...TALK, generation: 4, tookMs: 80 },
    { type: 'bot-started', ...TALK, arrival: 'handover', generation: 4 },
    ...SPOKEN,
    ...SPOKEN.map((one) => ({ ...one, turnId: 'ann/2' }) as Observation),
  ]);
  const handover = spans.find(({ name }) => name === 'handover');
  const links = spans.filter(({ name }) => name === 'turn').map((one) => one.links);
  expect(handover?.values).toMatchObject({ 'troupe.generation': 4 });
  expect(links).toEqual([[expect.objectContaining({ traceId: handover?.traceId })], []]);
  expect(links[0]?.[0]?.spanId).toBe(handover?.spanId);
});

it('keeps what an unused draft took for the turn that it was begun for', async () => {
  const [call] = SPOKEN;
  const { spans } = await traced([
    ...(call === undefined ? [] : [call]),
    { ...EACH['reply-finished'], ...TURN, end: 'unused', at: AT + 200, durationMs: 100 },
    ...SPOKEN,
  ]);
  expect(spans.filter(({ name }) => name === 'chat gpt-4.1-mini')).toHaveLength(2);
  expect(spans.filter(({ name }) => name === 'turn')).toHaveLength(1);
});

it('traces the share that is asked for, alike for all parts of a trace', async () => {
  expect((await traced(SPOKEN, 0)).spans).toEqual([]);
  const many = Array.from({ length: 200 }, (_, at) =>
    SPOKEN.map((one) => ({ ...one, turnId: `ann/${at}` }) as Observation),
  ).flat();
  const { spans } = await traced(many, 0.5);
  const sizes = new Map<string, number>();
  for (const { traceId } of spans) sizes.set(traceId, (sizes.get(traceId) ?? 0) + 1);
  expect(new Set(sizes.values())).toEqual(new Set([6]));
  expect(sizes.size).toBeGreaterThan(50);
  expect(sizes.size).toBeLessThan(150);
});

it('takes any observation, and sends no text but of closed kinds and ids', async () => {
  const observed = Object.values(EACH).map((one) => ({ ...one, ...TALK }));
  const { spans } = await traced([...observed, ...SPOKEN]);
  expect(spans.length).toBeGreaterThan(6);
  expect(JSON.stringify(spans)).not.toContain('tea');
});

it('ends in time though the collector takes connections and never answers', async () => {
  await using receiver = await openOtlpReceiver({ hangs: true });
  const clock = openHandClock();
  const tracing = open(receiver.url, () => undefined, 1, clock);
  for (const one of SPOKEN) tracing.observe(one);
  let isOver = false;
  const ending = tracing[Symbol.asyncDispose]().then(() => (isOver = true));
  await receiver.asked;
  clock.pass(1_999);
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  clock.pass(1);
  expect(await ending).toBe(true);
});

it('tells once that nobody takes the traces, and goes on', async () => {
  const told: Observation[] = [];
  const tracing = open('http://127.0.0.1:9', (one) => void told.push(one));
  for (const one of SPOKEN) tracing.observe(one);
  await Promise.resolve();
  await tracing[Symbol.asyncDispose]();
  expect(told.map(({ type }) => type).filter((type) => type !== 'warning')).toEqual([]);
  expect(told.length).toBeLessThanOrEqual(1);
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { ask, openTalk } from '../support/talk.ts';
import { openOtlpReceiver } from './otlp-receiver.ts';
import type { OtlpReceiver } from './otlp-receiver.ts';

const fleet = useFleet();
let receiver: OtlpReceiver;
let hanging: OtlpReceiver;

beforeAll(async () => {
  receiver = await openOtlpReceiver();
  hanging = await openOtlpReceiver({ hangs: true });
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await hanging[Symbol.asyncDispose]();
});

it('traces a talk, its handover and the successor’s first turn, beside the log’s lines', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const first = await fleet().openWorker(env);
  const { ada, room } = await openTalk(fleet(), 'traced');
  await using _ada = ada;
  const second = await fleet().openWorker(env);
  first.signal('SIGTERM');
  await second.joins(room);
  await ask(ada, 'And now?', /you say "And now/);
  const spans = await eventually('both turns', async () => {
    const turns = receiver.spans.filter(({ name }) => name === 'turn');
    return turns.length === 2 && receiver.spans;
  });
  const turns = spans.filter(({ name }) => name === 'turn');
  const handover = spans.find(({ name }) => name === 'handover');
  expect(turns.map(({ links }) => links.map(({ traceId }) => traceId))).toEqual([
    [],
    [handover?.traceId],
  ]);
  const [answered] = turns;
  const stages = spans.filter(({ parentSpanId }) => parentSpanId === answered?.spanId);
  expect(stages.map(({ name }) => name.split(' ')[0])).toEqual(['chat', 'writing']);
  expect(stages[0]?.values['gen_ai.usage.output_tokens']).toBeGreaterThan(0);
  const lines = linesOf(first, 'reply-finished');
  expect(lines).toMatchObject([{ session: room.name, traceId: answered?.traceId }]);
  expect(receiver.faults).toEqual([]);
  // What was said is nowhere in it.
  expect(JSON.stringify(receiver.spans)).not.toMatch(/My name is|And now/);
});

it('answers and ends though the collector hangs', async () => {
  await fleet().endWorkers();
  const worker = await fleet().openWorker({ OTEL_EXPORTER_OTLP_ENDPOINT: hanging.url });
  const { ada } = await openTalk(fleet(), 'untraced');
  await using _ada = ada;
  await hanging.asked;
  await ask(ada, 'Still there?', /you say "Still there/);
  worker.signal('SIGTERM');
  await worker.logged('drain-started', 8_000);
  worker.signal('SIGTERM');
  expect(await worker.exited).toBe(0);
});

function linesOf(worker: FleetWorker, event: string) {
  return worker.log.filter((line) => line['event'] === event);
}

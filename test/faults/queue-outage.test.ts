import { afterAll, beforeAll, expect, it } from 'vitest';
import { openProxy } from '../../dev/process/proxy.ts';
import type { Proxy } from '../../dev/process/proxy.ts';
import { eventually } from '../support/eventually.ts';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { addressOf } from '../support/fleet-path.ts';
import { expectEachAnsweredOnce, ask, linesLike, openTalk } from '../support/talk.ts';

const fleet = useFleet();
const V_MS = 3_000;
/** Each worker's own path to the queue. */
const paths = new Map<string, Proxy>();

beforeAll(async () => {
  await openWorker();
});

afterAll(async () => {
  for (const path of paths.values()) await path[Symbol.asyncDispose]();
});

it('a receipt that has expired: the worker adopts the new one, its bot stays in the room', async () => {
  const talk = await openTalk(fleet(), 'expired');
  await using ada = talk.ada;
  await fleet().stack.queue.advance(V_MS);
  await talk.holder.logged('activation-settled', 10_000, ({ how }) => how === 'adopted');
  await ask(ada, 'What is my name?', /Your name is Ada/);
  expect(await talk.room.lease()).toMatchObject({ epoch: 2, status: 'live' });
  const events = talk.holder.log.filter(({ room }) => room === talk.room.name);
  expect(events.filter(({ event }) => event === 'room-joined')).toHaveLength(1);
  expect(events.map(({ event }) => event)).not.toContain('link-lost');
  expect(await fleet().queue.counts()).toEqual({ waiting: 0, inFlight: 1 });
});

it.each([
  ['the whole beat', () => failBeats()],
  ['one room’s beat', () => failOneBeat()],
])('%s fails once: nobody loses a room', async (_what, fail) => {
  const talk = await openTalk(fleet(), 'beat');
  await using ada = talk.ada;
  const before = talk.holder.log.length;
  fail();
  await eventually('a failed beat', async () =>
    talk.holder.log.slice(before).some(({ event }) => event === 'beat-failed'),
  );
  await ask(ada, 'What is my name?', /Your name is Ada/);
  expect(await talk.room.lease()).toMatchObject({ epoch: 1 });
  const events = talk.holder.log.slice(before).map(({ event }) => event);
  expect(events).not.toContain('lease-lost');
});

it('an outage for longer than V: every talk goes on, and consumption resumes by itself', async () => {
  await openWorker();
  const { room, ada } = await openTalk(fleet(), 'outage');
  await using _ada = ada;
  const { stack } = fleet();
  await stack.queue.stop();
  const stoppedAt = Date.now();
  await ask(ada, 'Is the queue away?', /Is the queue away/);
  await eventually('the database to be asked after V', async () => {
    const [row] = await stack.database.sql(
      'select extract(epoch from asked_at) * 1000 as asked from leases where room = $1',
      [room.name],
    );
    return Number(row?.['asked']) > stoppedAt + V_MS;
  });
  await ask(ada, 'Is it still away?', /Is it still away/);
  await stack.queue.start();
  const next = await fleet().openRoom('after');
  await next.call();
  await next.leaseThat('live', ({ status }) => status === 'live', 20_000);
  // Whoever gets the lapsed message goes on with the talk.
  await room.leaseThat('taken anew', ({ epoch }) => epoch >= 2);
  await (await fleet().holderOf(room)).joins(room);
  await ask(ada, 'What is my name?', /Your name is Ada/);

  expect(await room.lease()).toMatchObject({ status: 'live', crashes: 0 });
  expect(linesLike(ada, /has joined/)).toHaveLength(1);
  expectEachAnsweredOnce(await room.memoryThat('four answers', ({ length }) => length === 8), [
    'My name is Ada.',
    'Is the queue away?',
    'Is it still away?',
    'What is my name?',
  ]);
});

it('one worker is cut off for good: another takes its room over, it leaves and says why', async () => {
  const { room, ada, holder } = await openTalk(fleet(), 'cut-off');
  await using _ada = ada;
  const { epoch } = (await room.lease())!;
  const path = paths.get(holder.name)!;
  path.cut();
  await holder.notReadyFor(/queue/);
  await holder.logged('bot-ended', 15_000, (line) => line['room'] === room.name);
  const heir = await fleet().holderOf(room);
  expect(heir.name).not.toBe(holder.name);
  await heir.joins(room);
  await ask(ada, 'What is my name?', /Your name is Ada/);

  expect(holder.log).toContainEqual(
    expect.objectContaining({ event: 'bot-ended', room: room.name, how: 'lost', epoch }),
  );
  expect(await room.lease()).toMatchObject({ epoch: epoch + 1, status: 'live', crashes: 0 });
  expect(linesLike(ada, /has joined/)).toHaveLength(1);
  path.heal();
  await holder.ready();
});

/** A worker whose path to the queue can be cut. */
async function openWorker(): Promise<FleetWorker> {
  const path = await openProxy(addressOf(fleet().stack.queue.endpoint));
  const worker = await fleet().openWorker({ SQS_ENDPOINT: `http://127.0.0.1:${path.port}` });
  paths.set(worker.name, path);
  return worker;
}

function failBeats(): void {
  const how = { status: 500 };
  fleet().stack.queue.faults.failNext('ChangeMessageVisibilityBatch', 'InternalError', how);
}

function failOneBeat(): void {
  fleet().stack.queue.faults.failNextEntry('ChangeMessageVisibilityBatch', 'InternalError');
}

import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { linesLike, openTalk } from '../support/talk.ts';

const fleet = useFleet();
let worker: FleetWorker;

beforeAll(async () => {
  worker = await fleet().openWorker({ MAX_CONCURRENT_ROOMS: '20' });
});

const LARGEST = 256 * 1024;

describe.concurrent('a body that asks for nothing that could be done', () => {
  it.each([
    ['no JSON', (id: string) => `not JSON ${id}`, /not JSON/],
    ['no object', (id: string) => JSON.stringify([id]), /the body/],
    ['no roomName', (id: string) => JSON.stringify({ room: id }), /roomName/],
    [
      'an empty roomName',
      (id: string) => JSON.stringify({ roomName: '', id }),
      /roomName: is empty/,
    ],
    ['a number as roomName', (id: string) => JSON.stringify({ roomName: 7, id }), /roomName: /],
    [
      'a list as sessionId',
      (id: string) => JSON.stringify({ roomName: id, sessionId: [] }),
      /sessionId: /,
    ],
    ['an unknown mode', (id: string) => JSON.stringify({ roomName: id, mode: 'dance' }), /mode: /],
    [
      'a time that is none',
      (id: string) => JSON.stringify({ roomName: id, expiresAt: 'soon' }),
      /expiresAt: /,
    ],
    [
      'control characters',
      (id: string) => JSON.stringify({ roomName: `a\u0007${id}` }),
      /control characters/,
    ],
    ['half a character', (id: string) => `{"roomName":"a\\ud800${id}"}`, /well-formed/],
    [
      'a name of 513 characters',
      (id: string) => JSON.stringify({ roomName: id.padEnd(513, 'x') }),
      /longer than 512/,
    ],
    ['256 KB of no JSON', (id: string) => id.padEnd(LARGEST, 'x'), /not JSON/],
  ])('%s goes to the dead letters with the reason', async (_what, makeBody, reason) => {
    const id = randomUUID();
    const messageId = await fleet().queue.send(makeBody(id), id);
    const letter = await fleet().queue.deadLetter(id);
    expect(letter.reason).toMatch(reason);
    await worker.logged('activation-settled', 10_000, (line) => line['messageId'] === messageId);
  });

  it('harms nobody: a room behind them in their own group is served', async () => {
    const group = randomUUID();
    const room = await fleet().openRoom('behind');
    await fleet().queue.send('{', group);
    await fleet().queue.send('[]', group);
    await fleet().queue.send(JSON.stringify({ roomName: room.name }), group);
    await worker.joins(room);
  });
});

describe.concurrent('a body with more than we know', () => {
  it.each([
    ['unknown fields', { priority: 9, nested: { a: [1, null] }, generationX: true }],
    [
      'nulls for what it leaves open',
      { sessionId: null, characterId: null, mode: null, expiresAt: null },
    ],
    ['256 KB', { padding: 'x'.repeat(LARGEST - 200) }],
  ])('%s is served', async (_what, fields) => {
    const room = await fleet().openRoom('more');
    await room.call(fields);
    await worker.joins(room);
  });

  it('256 KB in another group cannot be moved, as it grows by it: a dead letter', async () => {
    const room = await fleet().openRoom('too-long');
    const bare = JSON.stringify({ roomName: room.name, padding: '' });
    const padding = 'x'.repeat(LARGEST - bare.length);
    const body = JSON.stringify({ roomName: room.name, padding });
    await fleet().queue.send(body, 'another-group');
    expect((await fleet().queue.deadLetter(room.name)).reason).toMatch(/rejected/);
  });
});

describe.concurrent('a start that is no longer wanted is deleted, counted, and brings no second bot', () => {
  it('a duplicate for a live room, sent before its bot left', async () => {
    const { room, ada } = await openTalk(fleet(), 'duplicate');
    const repeat = await room.call({ requestedAt: Date.now() - 10_000 });
    await ada[Symbol.asyncDispose]();
    await settledAs(repeat, 'duplicate');
    expect(await room.lease()).toMatchObject({ status: 'left', epoch: 1 });
  });

  it('one for a live room in another group is moved behind it', async () => {
    const { room, ada } = await openTalk(fleet(), 'moved');
    await using _ada = ada;
    const body = JSON.stringify({ roomName: room.name });
    const stray = await fleet().queue.send(body, `not-${room.name}`);
    await settledAs(stray, 'rerouted');
    expect(await room.lease()).toMatchObject({ status: 'live', epoch: 1 });
    expect(linesLike(ada, /has joined/)).toHaveLength(1);
  });

  it('one for a session that was ended for good', async () => {
    const room = await fleet().openRoom('ended');
    await fleet().stack.database.sql('select end_session($1)', [room.name]);
    await settledAs(await room.call(), 'ended');
    expect(await room.lease()).toBeUndefined();
  });

  it('one that has expired', async () => {
    const room = await fleet().openRoom('expired');
    await settledAs(await room.call({ expiresAt: '2026-01-01T00:00:00Z' }), 'expired');
    await settledAs(await room.call({ expiresAt: Date.now() - 1_000 }), 'expired');
    expect(await room.lease()).toBeUndefined();
  });

  it('a successor of an older generation, and one of a room that was left', async () => {
    const { room, ada } = await openTalk(fleet(), 'stale');
    await fleet().stack.database.sql('update leases set generation = 5 where room = $1', [
      room.name,
    ]);
    // A successor stays in the group in which it was sent.
    const body = JSON.stringify({ roomName: room.name, generation: 4 });
    await settledAs(await fleet().queue.send(body, `old-${room.name}`), 'stale');
    expect(await room.lease()).toMatchObject({ status: 'live', epoch: 1 });
    await ada[Symbol.asyncDispose]();
    await room.leaseThat('left', ({ status }) => status === 'left');
    await settledAs(await fleet().queue.send(body, `older-${room.name}`), 'ended');
    expect(await room.lease()).toMatchObject({ status: 'left', epoch: 1 });
  });
});

it('a start that was served already, and only its deletion failed, is a duplicate', async () => {
  const { room, ada } = await openTalk(fleet(), 'undeleted');
  fleet().stack.queue.faults.failNext('DeleteMessage', 'InternalError', { times: 50, status: 500 });
  await ada[Symbol.asyncDispose]();
  await room.leaseThat('left', ({ status }) => status === 'left');
  await worker.logged(
    'activation-settled',
    15_000,
    (line) => line['room'] === room.name && line['how'] === 'duplicate',
  );
  fleet().stack.queue.faults.heal();
  expect(await room.lease()).toMatchObject({ status: 'left', epoch: 1 });
});

async function settledAs(messageId: string, how: string): Promise<void> {
  const line = await worker.logged(
    'activation-settled',
    15_000,
    (one) => one['messageId'] === messageId,
  );
  expect(line['how']).toBe(how);
}

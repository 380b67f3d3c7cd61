import { RoomServiceClient } from 'livekit-server-sdk';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { useFleet } from '../support/fleet.ts';
import type { FleetWorker } from '../support/fleet.ts';
import { ask, linesLike, openTalk } from '../support/talk.ts';

// A LiveKit server of its own: this one comes and goes.
const fleet = useFleet({ shared: { cluster: inject('shared').cluster } });

// Each case has the fleet for itself.
afterEach(async () => {
  await fleet().endWorkers();
  await fleet().queue.purge();
  await fleet().stack.livekit.start();
});

it('down at the start: rooms wait, receiving stops, all are served once it is there', async () => {
  const { stack, queue } = fleet();
  await stack.livekit.stop();
  const worker = await fleet().openWorker();
  const rooms = await Promise.all(Array.from({ length: 4 }, () => fleet().openRoom('early')));
  await rooms[0]!.call();
  await worker.notReadyFor(/livekit/i);
  for (const room of rooms.slice(1)) await room.call();
  await failures(worker, 3);
  // The poll that was under way may have brought one more.
  expect((await queue.counts()).waiting).toBeGreaterThanOrEqual(2);
  await stack.livekit.start();
  for (const room of rooms) await worker.joins(room);
  expect(await worker.notReady()).toEqual([]);
  const tries = worker.log.filter(({ event }) => event === 'bot-started');
  expect(tries.length).toBeLessThan(20);
  expect(await queue.deadLetters()).toEqual([]);
});

it('restarted in the middle of a talk: the bot comes back with the memory, and greets nobody twice', async () => {
  // At the fleet's V of 3 s a restart takes long enough for the room to be offered to others.
  await fleet().openWorker({ VISIBILITY_TIMEOUT_S: '30' });
  const { room, ada, holder } = await openTalk(fleet(), 'restart');
  await fleet().stack.livekit.stop();
  await holder.logged('link-lost', 15_000);
  await fleet().stack.livekit.start();
  await ada[Symbol.asyncDispose]();
  await using again = await room.enter();
  await again.meets(room.bot, 15_000);
  await eventually(
    'the bot to listen',
    async () => again.attributesOf(room.bot)?.['lk.agent.state'] === 'listening',
  );
  await ask(again, 'What is my name?', /Your name is Ada/);
  expect(linesLike(again, /has joined/)).toEqual([]);
  expect(await room.lease()).toMatchObject({ status: 'live', epoch: 1 });
});

describe.each([
  ['the room is deleted', 'room-deleted', deleteRoom],
  ['the bot is removed', 'removed', removeBot],
])('%s', (_what, reason, act) => {
  it('it leaves and does not come back by itself, only when it is called', async () => {
    const worker = await fleet().openWorker();
    const { room, ada } = await openTalk(fleet(), reason);
    await using _ada = ada;
    await act(room.name, room.bot);
    await room.leaseThat('left', ({ status }) => status === 'left');
    await fleet().queue.isEmpty();
    expect(worker.log).toContainEqual(
      expect.objectContaining({ event: 'bot-ended', how: 'left', reason, room: room.name }),
    );
    expect(worker.log.map(({ event }) => event)).not.toContain('room-rejoining');
    await room.call();
    await using again = await room.enter({ identity: 'ada-again' });
    await again.heard(/^Mira has joined the chat!$/);
  });
});

it('refuses our key: readiness says which, the message is kept for a worker with the right one', async () => {
  const wrong = await fleet().openWorker({
    LIVEKIT_API_SECRET: 'a-wrong-secret-of-at-least-32-characters',
  });
  const room = await fleet().openRoom('wrong-key');
  await room.call();
  const why = await wrong.notReadyFor(/LIVEKIT_API_KEY/);
  expect(why).toHaveLength(1);
  await failures(wrong, 2);
  wrong.signal('SIGTERM');
  expect(await wrong.exited).toBe(0);
  expect(await fleet().queue.counts()).toEqual({ waiting: 1, inFlight: 0 });
  await fleet().openWorker();
  await using ada = await room.enter();
  await ada.heard(/^Mira has joined the chat!$/);
  expect(await fleet().queue.deadLetters()).toEqual([]);
});

/** Resolves when the worker has found the service failing so many times. */
async function failures(worker: FleetWorker, count: number): Promise<void> {
  await eventually(`${count} failures`, async () => {
    const events = worker.log.filter(({ event }) => event === 'provider-failed');
    return events.length >= count;
  });
}

function rooms(): RoomServiceClient {
  const { url, apiKey, apiSecret } = fleet().stack.livekit;
  return new RoomServiceClient(url.replace('ws', 'http'), apiKey, apiSecret);
}

async function deleteRoom(room: string): Promise<void> {
  await rooms().deleteRoom(room);
}

async function removeBot(room: string, bot: string): Promise<void> {
  await rooms().removeParticipant(room, bot);
}

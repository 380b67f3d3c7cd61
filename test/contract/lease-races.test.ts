import { beforeAll, describe, expect, test } from 'vitest';
import { makeSupabase } from '../../src/adapters/supabase/client.ts';
import { makeMemoryStore } from '../../src/adapters/supabase/memory-store.ts';
import type { MemoryStore } from '../../src/ports/memory-store.ts';
import { useDatabase } from '../support/stack.ts';
import { makeTestRoom } from './lease-world.ts';
import type { LeaseWorld, TestRoom } from './lease-world.ts';
import { openRealLeases } from './real-leases.ts';

const RACERS = 30;

describe('many workers at one row of the database', () => {
  const database = useDatabase();
  let world: LeaseWorld;
  let store: MemoryStore;
  beforeAll(async () => {
    world = await openRealLeases(database());
    store = makeMemoryStore(makeSupabase(database()));
  });

  test('each grant of a new room has an epoch of its own, and one of them holds', async () => {
    const room = makeTestRoom(world);
    const leases = await race(() => room.take());
    const epochs = leases.map(({ epoch }) => epoch).sort((one, other) => one - other);
    expect(epochs).toEqual(Array.from({ length: RACERS }, (_, index) => index + 1));
    const held = await race((index) => world.leases.holds([{ room: room.room, epoch: index + 1 }]));
    expect(held.map((rooms) => rooms.size)).toEqual([
      ...Array.from({ length: RACERS - 1 }, () => 0),
      1,
    ]);
  });

  test('of the saves under all epochs only those of the last are accepted', async () => {
    const room = makeTestRoom(world);
    await race(() => room.take());
    const results = await race((index) => save(room, index + 1, 1));
    expect(results.filter((result) => result === 'written')).toHaveLength(1);
    expect(results.at(-1)).toBe('written');
    expect(await read(room)).toBe(`${RACERS}.1`);
  });

  test('whoever takes over has read every save that was accepted', async () => {
    for (let round = 0; round < 5; round += 1) {
      const room = makeTestRoom(world);
      await room.take();
      const takeover = async (): Promise<string | undefined> => {
        await room.take({ receiveCount: 2 });
        return await read(room);
      };
      const saving = race((index) => save(room, 1, index + 1));
      const [found, results] = await Promise.all([takeover(), saving]);
      expect(await read(room)).toBe(found);
      const accepted = results.flatMap((result, index) =>
        result === 'written' ? [index + 1] : [],
      );
      const last = accepted.length === 0 ? undefined : `1.${Math.max(...accepted)}`;
      expect(found).toBe(last);
    }
  });

  test('the joined line is claimed once', async () => {
    const room = makeTestRoom(world);
    const lease = await room.take();
    const claims = await race(() => world.leases.claimJoined(lease));
    expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1);
    expect(claims.filter((claim) => claim === 'taken')).toHaveLength(RACERS - 1);
  });

  test('no start slips past the end of its session', async () => {
    const session = `session ${makeTestRoom(world).room}`;
    const rooms = Array.from({ length: RACERS }, () => makeTestRoom(world));
    const starts = rooms.map((room) => room.ask({ session }));
    const [answers] = await Promise.all([Promise.all(starts), world.leases.endSession(session)]);
    const leases = rooms.map(({ room }) => ({ room, epoch: 1 }));
    expect(await world.leases.holds(leases)).toEqual(new Set());
    expect(answers.every((answer) => answer.granted || answer.refusal === 'ended')).toBe(true);
  });

  test('questions about many leases in any order do not wait for each other for ever', async () => {
    const rooms = Array.from({ length: 10 }, () => makeTestRoom(world));
    const leases = await Promise.all(rooms.map((room) => room.take()));
    const held = await race((index) =>
      world.leases.holds(index % 2 === 0 ? leases : leases.toReversed()),
    );
    expect(held.every((answer) => answer.size === leases.length)).toBe(true);
  });

  function save({ room, session }: TestRoom, epoch: number, version: number) {
    const id = `${epoch}.${version}`;
    const messages = [{ role: 'summary' as const, id, text: '', at: 0 }];
    return store.save({ room, session, epoch, version, messages, turns: [] });
  }

  /** The save that is stored. */
  async function read({ session }: TestRoom): Promise<string | undefined> {
    return (await store.load(session))?.messages[0]?.id;
  }
});

function race<T>(work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: RACERS }, (_, index) => work(index)));
}

import { describe, expect, test } from 'vitest';
import { makeTestRoom, refused } from './lease-world.ts';
import type { LeaseWorld, TestRoom } from './lease-world.ts';

/** How crashes are counted, forgotten and become too many. */
export function leaseCrashesContract(world: () => LeaseWorld): void {
  /** Takes a room and redelivers its message `crashes` times. */
  async function crash(room: TestRoom, crashes: number, from = 1): Promise<void> {
    for (let count = from; count <= from + crashes; count += 1)
      await room.take({ receiveCount: count });
  }

  describe('crashes', () => {
    test('the sixth poisons the room; the message is to go to the dead letters', async () => {
      const room = makeTestRoom(world());
      await crash(room, 5);
      expect(await room.ask({ receiveCount: 7 })).toEqual(refused('poisoned'));
    });

    test('a poisoned answer that was lost is given again', async () => {
      const room = makeTestRoom(world());
      await crash(room, 5);
      await room.ask({ receiveCount: 7 });
      expect(await room.ask({ receiveCount: 7 })).toEqual(refused('poisoned'));
      expect(await room.ask({ receiveCount: 8 })).toEqual(refused('poisoned'));
    });

    test('a successor’s poisoned answer that was lost is given again', async () => {
      const room = makeTestRoom(world());
      await room.take();
      const successor = { messageId: 'm2', generation: 1 };
      for (let count = 1; count <= 6; count += 1)
        await room.take({ ...successor, receiveCount: count });
      expect(await room.ask({ ...successor, receiveCount: 7 })).toEqual(refused('poisoned'));
      expect(await room.ask({ ...successor, receiveCount: 7 })).toEqual(refused('poisoned'));
    });

    test('poisoning fences out the last holder, should it live', async () => {
      const room = makeTestRoom(world());
      await crash(room, 5);
      await room.ask({ receiveCount: 7 });
      expect(await world().leases.fenced([{ room: room.room, epoch: 6 }])).toEqual(
        new Set([room.room]),
      );
      expect(await world().leases.markLeft({ room: room.room, epoch: 6 }, 'left')).toBe('lost');
    });

    test('a later start is accepted after a poisoning, with no crash on its account', async () => {
      const room = makeTestRoom(world());
      await crash(room, 5);
      await room.ask({ receiveCount: 7 });
      await world().pass(6_000);
      const answer = await room.ask({ messageId: 'm2' });
      expect(answer).toMatchObject({ granted: true, epoch: 8, arrival: 'fresh' });
      for (let count = 2; count <= 6; count += 1)
        await room.take({ messageId: 'm2', receiveCount: count });
      expect(await room.ask({ messageId: 'm2', receiveCount: 7 })).toEqual(refused('poisoned'));
    });

    test('health makes the room forget them', async () => {
      const room = makeTestRoom(world());
      await crash(room, 5);
      expect(await world().leases.markHealthy({ room: room.room, epoch: 6 })).toBe('written');
      await crash(room, 4, 7);
    });

    test('ten minutes without one make the room forget them', async () => {
      const room = makeTestRoom(world());
      await crash(room, 5);
      await world().pass(601_000);
      await crash(room, 4, 7);
      expect(await room.ask({ receiveCount: 12 })).toEqual(refused('poisoned'));
    });

    test('no crash is a holder that asked for its lease a moment ago', async () => {
      const room = makeTestRoom(world());
      for (let count = 1; count <= 8; count += 1) {
        const lease = await room.take({ receiveCount: count });
        await world().leases.holds([lease]);
        await world().pass(9_000);
      }
    });

    test('no crash is a holder that handed the room back, however late it is taken', async () => {
      const room = makeTestRoom(world());
      for (let count = 1; count <= 8; count += 1) {
        const lease = await room.take({ receiveCount: count });
        expect(await world().leases.handBack(lease)).toBe('written');
        await world().pass(300_000);
      }
      const crashed = await room.take({ receiveCount: 9 });
      const older = { ...crashed, epoch: crashed.epoch - 1 };
      expect(await world().leases.handBack(older)).toBe('lost');
    });

    test('a holder that asked long ago has crashed', async () => {
      const room = makeTestRoom(world());
      for (let count = 1; count <= 6; count += 1) {
        const lease = await room.take({ receiveCount: count });
        await world().leases.holds([lease]);
        await world().pass(11_000);
      }
      expect(await room.ask({ receiveCount: 7 })).toEqual(refused('poisoned'));
    });

    test('no crash is a handover, a delivery asked twice, or a new start', async () => {
      const room = makeTestRoom(world());
      await crash(room, 5);
      const retried = await room.take({ receiveCount: 6 });
      expect(retried.epoch).toBe(7);
      const handed = await room.take({ messageId: 'm2', generation: 1 });
      await world().leases.markLeft(handed, 'left');
      const again = await room.take({ messageId: 'm3' });
      expect(again.epoch).toBe(9);
    });
  });
}

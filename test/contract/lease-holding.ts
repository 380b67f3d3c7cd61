import { describe, expect, test } from 'vitest';
import { makeTestRoom, refused } from './lease-world.ts';
import type { LeaseWorld } from './lease-world.ts';

/** What a holder may ask and write, and how sessions end. */
export function leaseHoldingContract(world: () => LeaseWorld): void {
  describe('a holder', () => {
    test('asks for many leases at once and hears which are its own still', async () => {
      const [mine, taken, left] = [1, 2, 3].map(() => makeTestRoom(world())) as [
        ReturnType<typeof makeTestRoom>,
        ReturnType<typeof makeTestRoom>,
        ReturnType<typeof makeTestRoom>,
      ];
      const leases = [await mine.take(), await taken.take(), await left.take()];
      await taken.take({ receiveCount: 2 });
      await world().leases.markLeft({ room: left.room, epoch: 1 }, 'left');
      const asked = [...leases, { room: 'a room that never was', epoch: 1 }];
      expect(await world().leases.holds(asked)).toEqual(new Set([mine.room]));
      expect(await world().leases.fenced(asked)).toEqual(
        new Set([taken.room, left.room, 'a room that never was']),
      );
    });

    test('asks for nothing and hears nothing', async () => {
      expect(await world().leases.holds([])).toEqual(new Set());
      expect(await world().leases.fenced([])).toEqual(new Set());
    });

    test('hearing of fences records no sign of life', async () => {
      const room = makeTestRoom(world());
      for (let count = 1; count <= 6; count += 1)
        await world().leases.fenced([await room.take({ receiveCount: count })]);
      expect(await room.ask({ receiveCount: 7 })).toEqual(refused('poisoned'));
    });

    test('claims the joined line once per start, over crashes and handovers', async () => {
      const room = makeTestRoom(world());
      const first = await room.take();
      expect(await world().leases.claimJoined(first)).toBe('claimed');
      expect(await world().leases.claimJoined(first)).toBe('taken');
      const second = await room.take({ receiveCount: 2 });
      expect(await world().leases.claimJoined(second)).toBe('taken');
      const third = await room.take({ messageId: 'm2', generation: 1 });
      expect(await world().leases.claimJoined(third)).toBe('taken');
      expect(await world().leases.claimJoined(first)).toBe('lost');
    });

    test('hears with its grant whether the joined line of this start was claimed', async () => {
      const room = makeTestRoom(world());
      const first = await room.take();
      expect(await room.ask({ receiveCount: 2 })).toMatchObject({ epoch: 2, joined: false });
      await world().leases.claimJoined({ ...first, epoch: 2 });
      expect(await room.ask({ receiveCount: 2 })).toMatchObject({ epoch: 3, joined: true });
      const successor = { messageId: 'm2', generation: 1 };
      expect(await room.ask(successor)).toMatchObject({ epoch: 4, joined: true });
      await world().leases.markLeft({ ...first, epoch: 4 }, 'left');
      expect(await room.ask({ messageId: 'm3' })).toMatchObject({ epoch: 5, joined: false });
    });

    test('marks its leaving; repeats are no loss, and the first mark stands', async () => {
      const room = makeTestRoom(world());
      const lease = await room.take();
      expect(await world().leases.markLeft(lease, 'left')).toBe('written');
      await world().pass(20_000);
      expect(await world().leases.markLeft(lease, 'failed')).toBe('written');
      const between = { messageId: 'm2', requestedAt: world().now() - 10_000 };
      expect(await room.ask(between)).toMatchObject({ granted: true, arrival: 'fresh' });
    });

    test('writes nothing under an epoch that is not the row’s', async () => {
      const room = makeTestRoom(world());
      const old = await room.take();
      const live = await room.take({ receiveCount: 2 });
      expect(await world().leases.markLeft(old, 'left')).toBe('lost');
      expect(await world().leases.markHealthy(old)).toBe('lost');
      expect(await world().leases.claimJoined(old)).toBe('lost');
      expect(await world().leases.markLeft({ ...live, epoch: 3 }, 'left')).toBe('lost');
      expect(await world().leases.holds([live])).toEqual(new Set([room.room]));
    });

    test('a failed room refuses its message and is called back like one that was left', async () => {
      const room = makeTestRoom(world());
      await world().leases.markLeft(await room.take(), 'failed');
      expect(await room.ask({ receiveCount: 2 })).toEqual(refused('duplicate'));
      expect(await room.ask({ messageId: 'm2' })).toMatchObject({ epoch: 2, arrival: 'fresh' });
    });
  });

  describe('ending a session', () => {
    test('fences out the live holder', async () => {
      const room = makeTestRoom(world());
      const lease = await room.take();
      await world().leases.endSession(room.session);
      expect(await world().leases.holds([lease])).toEqual(new Set());
      expect(await world().leases.fenced([lease])).toEqual(new Set([room.room]));
      expect(await world().leases.markLeft(lease, 'left')).toBe('lost');
    });

    test('refuses every later start, redelivery and successor', async () => {
      const room = makeTestRoom(world());
      await room.take();
      await world().leases.endSession(room.session);
      expect(await room.ask({ receiveCount: 2 })).toEqual(refused('ended'));
      expect(await room.ask({ messageId: 'm2' })).toEqual(refused('ended'));
      expect(await room.ask({ messageId: 'm3', generation: 1 })).toEqual(refused('ended'));
      await world().pass(86_400_000);
      expect(await room.ask({ messageId: 'm4' })).toEqual(refused('ended'));
    });

    test('reaches a start that still waits and a bot that has left', async () => {
      const waiting = makeTestRoom(world());
      await world().leases.endSession(waiting.session);
      expect(await waiting.ask()).toEqual(refused('ended'));
      const left = makeTestRoom(world());
      await world().leases.markLeft(await left.take(), 'left');
      await world().leases.endSession(left.session);
      expect(await left.ask({ messageId: 'm2' })).toEqual(refused('ended'));
    });

    test('leaves the room to the next session, and stays an end after that', async () => {
      const room = makeTestRoom(world());
      await room.take();
      await world().leases.endSession(room.session);
      const next = { session: `next ${room.session}`, messageId: 'm2' };
      expect(await room.ask(next)).toMatchObject({ granted: true, epoch: 3, arrival: 'fresh' });
      expect(await room.ask({ messageId: 'm3' })).toEqual(refused('ended'));
      await world().leases.endSession(room.session);
      expect(await world().leases.holds([{ room: room.room, epoch: 3 }])).toEqual(
        new Set([room.room]),
      );
    });

    test('can be asked twice', async () => {
      const room = makeTestRoom(world());
      await room.take();
      await world().leases.endSession(room.session);
      await world().leases.endSession(room.session);
      expect(await room.ask({ session: `next ${room.session}`, messageId: 'm2' })).toMatchObject({
        epoch: 3,
      });
    });
  });
}

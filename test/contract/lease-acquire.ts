import { describe, expect, test } from 'vitest';
import { makeTestRoom, refused } from './lease-world.ts';
import type { LeaseWorld } from './lease-world.ts';

/** How a lease is granted and refused, by the letter of the design (Lease, Fence). */
export function leaseAcquireContract(world: () => LeaseWorld): void {
  describe('a room that nobody ever held', () => {
    test('is granted fresh, at epoch 1, generation 0', async () => {
      const answer = await makeTestRoom(world()).ask();
      expect(answer).toEqual({
        granted: true,
        epoch: 1,
        generation: 0,
        arrival: 'fresh',
        joined: false,
      });
    });

    test('is refused to a start that has expired, and granted to the next', async () => {
      const room = makeTestRoom(world());
      expect(await room.ask({ expiresAt: world().now() - 1_000 })).toEqual(refused('expired'));
      const late = { messageId: 'm2', expiresAt: world().now() + 60_000 };
      expect(await room.ask(late)).toMatchObject({ granted: true, arrival: 'fresh' });
    });

    test('is refused to a successor: there is nothing to hand over', async () => {
      expect(await makeTestRoom(world()).ask({ generation: 1 })).toEqual(refused('ended'));
    });
  });

  describe('the live session’s own messages', () => {
    test('a redelivery takes over under the next epoch', async () => {
      const room = makeTestRoom(world());
      await room.take();
      const answer = await room.ask({ receiveCount: 2, worker: 'worker-2' });
      expect(answer).toEqual({
        granted: true,
        epoch: 2,
        generation: 0,
        arrival: 'takeover',
        joined: false,
      });
    });

    test('the same delivery again is the same arrival: its first answer was lost', async () => {
      const room = makeTestRoom(world());
      await room.take();
      expect(await room.ask()).toMatchObject({ granted: true, epoch: 2, arrival: 'fresh' });
    });

    test('a further start takes over, even one that expired: the bot is worth keeping', async () => {
      const room = makeTestRoom(world());
      await room.take();
      const answer = await room.ask({ messageId: 'm2', expiresAt: world().now() - 1_000 });
      expect(answer).toMatchObject({ granted: true, epoch: 2, arrival: 'takeover' });
    });

    test('a successor hands over and raises the generation to its own', async () => {
      const room = makeTestRoom(world());
      await room.take();
      const answer = await room.ask({ messageId: 'm2', generation: 1 });
      expect(answer).toEqual({
        granted: true,
        epoch: 2,
        generation: 1,
        arrival: 'handover',
        joined: false,
      });
    });

    test('a redelivered successor takes over from its crashed holder', async () => {
      const room = makeTestRoom(world());
      await room.take();
      await room.take({ messageId: 'm2', generation: 1 });
      const answer = await room.ask({ messageId: 'm2', generation: 1, receiveCount: 2 });
      expect(answer).toEqual({
        granted: true,
        epoch: 3,
        generation: 1,
        arrival: 'takeover',
        joined: false,
      });
    });

    test('a start keeps the generation that a handover reached', async () => {
      const room = makeTestRoom(world());
      await room.take();
      await room.take({ messageId: 'm2', generation: 1 });
      expect(await room.ask({ messageId: 'm3' })).toMatchObject({ epoch: 3, generation: 1 });
    });

    test('a successor of an older generation is stale', async () => {
      const room = makeTestRoom(world());
      await room.take();
      await room.take({ messageId: 'm2', generation: 2 });
      const answer = await room.ask({ messageId: 'm3', generation: 1 });
      expect(answer).toEqual(refused('stale'));
    });

    test('an earlier delivery of the recorded message is a worker that slept', async () => {
      const room = makeTestRoom(world());
      await room.take({ receiveCount: 2 });
      expect(await room.ask({ receiveCount: 1 })).toEqual(refused('stalled'));
      expect(await world().leases.holds([{ room: room.room, epoch: 1 }])).toEqual(
        new Set([room.room]),
      );
    });
  });

  describe('another session of a live room', () => {
    const other = { session: 'another talk', messageId: 'm2' };

    test('a start waits behind the live one', async () => {
      const room = makeTestRoom(world());
      await room.take();
      expect(await room.ask(other)).toEqual(refused('occupied'));
      expect(await room.ask({ ...other, deferrals: 0 })).toEqual(refused('occupied'));
    });

    test('a start that was put behind finds an orphan and begins a new talk', async () => {
      const room = makeTestRoom(world());
      const orphan = await room.take();
      await world().leases.claimJoined(orphan);
      await room.ask(other);
      const answer = await room.ask({ ...other, messageId: 'm3', deferrals: 1 });
      expect(answer).toEqual({
        granted: true,
        epoch: 2,
        generation: 0,
        arrival: 'fresh',
        joined: false,
      });
      expect(await world().leases.claimJoined({ room: room.room, epoch: 2 })).toBe('claimed');
    });

    test('a start that was put behind waits on when the room was handed over meanwhile', async () => {
      const room = makeTestRoom(world());
      await room.take();
      await room.ask(other);
      await room.take({ messageId: 'm3', generation: 1 });
      expect(await room.ask({ ...other, messageId: 'm4', deferrals: 1 })).toEqual(
        refused('occupied'),
      );
      const answer = await room.ask({ ...other, messageId: 'm5', deferrals: 2 });
      expect(answer).toMatchObject({ granted: true, epoch: 3, arrival: 'fresh' });
    });

    test('an orphan’s successor is not served to a start that has expired', async () => {
      const room = makeTestRoom(world());
      await room.take();
      await room.ask(other);
      const late = { ...other, deferrals: 1, expiresAt: world().now() - 1_000 };
      expect(await room.ask(late)).toEqual(refused('expired'));
    });

    test('a successor belongs to a talk that was replaced', async () => {
      const room = makeTestRoom(world());
      await room.take();
      expect(await room.ask({ ...other, generation: 7 })).toEqual(refused('stale'));
    });
  });

  describe('a room that the bot left', () => {
    test('refuses the recorded message: only its deletion failed', async () => {
      const room = makeTestRoom(world());
      await world().leases.markLeft(await room.take(), 'left');
      expect(await room.ask({ receiveCount: 2 })).toEqual(refused('duplicate'));
    });

    test('refuses a start of that session that was asked for while the bot was there', async () => {
      const room = makeTestRoom(world());
      const lease = await room.take();
      const requestedAt = world().now();
      await world().pass(6_000);
      await world().leases.markLeft(lease, 'left');
      expect(await room.ask({ messageId: 'm2', requestedAt })).toEqual(refused('duplicate'));
    });

    test('is granted to a start of the last seconds: the clocks are two', async () => {
      const room = makeTestRoom(world());
      const lease = await room.take();
      const requestedAt = world().now();
      await world().pass(4_000);
      await world().leases.markLeft(lease, 'left');
      const answer = await room.ask({ messageId: 'm2', requestedAt });
      expect(answer).toMatchObject({ granted: true, epoch: 2, arrival: 'fresh' });
    });

    test('is called back by whoever asked after the bot left, however late that was written', async () => {
      const room = makeTestRoom(world());
      const lease = await room.take();
      await world().pass(20_000);
      const requestedAt = world().now();
      await world().pass(30_000);
      await world().leases.markLeft(lease, 'left', 19_000);
      const early = { messageId: 'm2', requestedAt: requestedAt - 7_000 };
      expect(await room.ask(early)).toEqual(refused('duplicate'));
      const answer = await room.ask({ messageId: 'm3', requestedAt });
      expect(answer).toMatchObject({ granted: true, epoch: 2, arrival: 'fresh' });
    });

    test('was left by now at the latest, whatever its holder says', async () => {
      const room = makeTestRoom(world());
      const lease = await room.take();
      await world().leases.markLeft(lease, 'left', 3_600_000);
      const answer = await room.ask({ messageId: 'm2', requestedAt: world().now() });
      expect(answer).toMatchObject({ granted: true, epoch: 2, arrival: 'fresh' });
    });

    test.each([2_000, 600_000])('is called back %d ms later', async (ms) => {
      const room = makeTestRoom(world());
      const lease = await room.take();
      await world().leases.claimJoined(lease);
      await world().leases.markLeft(lease, 'left');
      await world().pass(ms);
      const answer = await room.ask({ messageId: 'm2' });
      expect(answer).toEqual({
        granted: true,
        epoch: 2,
        generation: 0,
        arrival: 'fresh',
        joined: false,
      });
      expect(await world().leases.claimJoined({ room: room.room, epoch: 2 })).toBe('claimed');
    });

    test('is granted to another session, however long that waited', async () => {
      const room = makeTestRoom(world());
      const requestedAt = world().now() - 3_600_000;
      await world().leases.markLeft(await room.take(), 'left');
      const answer = await room.ask({ session: 'another talk', messageId: 'm2', requestedAt });
      expect(answer).toMatchObject({ granted: true, epoch: 2, arrival: 'fresh' });
    });

    test('refuses what has expired, and successors', async () => {
      const room = makeTestRoom(world());
      await world().leases.markLeft(await room.take(), 'left');
      const late = { messageId: 'm2', expiresAt: world().now() - 1_000 };
      expect(await room.ask(late)).toEqual(refused('expired'));
      expect(await room.ask({ messageId: 'm3', generation: 1 })).toEqual(refused('ended'));
    });

    test('never lets epoch and generation fall back', async () => {
      const room = makeTestRoom(world());
      await room.take();
      await world().leases.markLeft(await room.take({ messageId: 'm2', generation: 4 }), 'left');
      expect(await room.ask({ messageId: 'm3' })).toMatchObject({ epoch: 3, generation: 4 });
    });
  });
}

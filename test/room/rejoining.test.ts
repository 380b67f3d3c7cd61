import { describe, expect, it } from 'vitest';
import { takeLease } from '../support/fake-bot-lease.ts';
import { settled } from '../support/hand-clock.ts';
import { failure, ROOM } from './bot-world.ts';
import { openPlace, reaches } from './place.ts';

describe('a connection that ends', () => {
  it('is made anew, at once and then ever more seldom', async () => {
    const { enter, rooms, clock, path, rejoins } = await openPlace();
    const link = await enter();
    rooms.failJoins(failure('unavailable', 'livekit'), 3);
    rooms.end(ROOM, 'connection-lost');
    await settled();
    expect(rejoins()).toBe(1);
    await clock.live(49);
    expect(rejoins()).toBe(1);
    await clock.live(1);
    expect(rejoins()).toBe(2);
    await clock.live(300);
    expect([link.isUp(), path()]).toEqual([true, ['lost', 'restored']]);
    expect(rooms.joins(ROOM)).toBe(2);
    expect(await reaches(link)).toBe(true);
  });

  it('is given up after six tries, with the reason', async () => {
    const { enter, rooms, clock, told, rejoins } = await openPlace();
    const link = await enter();
    rooms.failJoins(failure('unavailable', 'livekit'), 99);
    rooms.end(ROOM, 'connection-lost');
    await clock.live(60_000);
    expect(rejoins()).toBe(6);
    expect(told.at(-1)).toMatchObject({
      type: 'gone',
      reason: { kind: 'failed', error: { kind: 'unavailable', service: 'livekit' } },
    });
    expect(link.isUp()).toBe(false);
    expect(clock.timers()).toBe(0);
  });

  it('is given up where the lease is not to be trusted: it would come back as a zombie', async () => {
    let closed = 0;
    const { enter, rooms, lease, leases, path, clock } = await openPlace(
      (join) =>
        async (...how) => {
          const link = await join(...how);
          return {
            ...link,
            async [Symbol.asyncDispose]() {
              closed += 1;
              await link[Symbol.asyncDispose]();
            },
          };
        },
    );
    const link = await enter();
    lease.permit(false);
    rooms.cut(ROOM);
    await settled();
    expect([link.isUp(), path(), rooms.joins(ROOM)]).toEqual([true, ['lost', 'restored'], 2]);
    // Only a link that is closed does not come back by itself.
    expect(closed).toBe(1);
    await takeLease(leases, ROOM);
    rooms.cut(ROOM);
    rooms.mend(ROOM);
    await clock.live(60_000);
    expect([lease.lost.aborted, rooms.joins(ROOM)]).toEqual([true, 2]);
  });

  it('is given up as soon as the lease is not to be trusted any more', async () => {
    const { enter, rooms, lease, leases, path, clock } = await openPlace();
    const ann = rooms.visit(ROOM, { identity: 'ann' });
    const link = await enter();
    rooms.cut(ROOM);
    await clock.live(30_000);
    expect([link.isUp(), rooms.joins(ROOM)]).toEqual([false, 1]);
    lease.permit(false);
    await clock.live(1_000);
    expect([link.isUp(), path(), rooms.joins(ROOM)]).toEqual([true, ['lost', 'restored'], 2]);
    lease.permit(true);
    rooms.cut(ROOM);
    await takeLease(leases, ROOM);
    lease.permit(false);
    await clock.live(1_000);
    await ann.misses('bot-room');
    expect([lease.lost.aborted, rooms.joins(ROOM), clock.timers()]).toEqual([true, 2, 0]);
  });

  it('that is cut and forsaken is made anew; a whole one stays', async () => {
    const { enter, rooms, path } = await openPlace();
    const link = await enter();
    link.forsakeCut();
    rooms.cut(ROOM);
    await settled();
    expect([link.isUp(), rooms.joins(ROOM)]).toEqual([false, 1]);
    link.forsakeCut();
    await settled();
    expect([link.isUp(), path(), rooms.joins(ROOM)]).toEqual([true, ['lost', 'restored'], 2]);
  });

  it('because of another of our identity is made anew while the room is ours', async () => {
    const { enter, rooms, path } = await openPlace();
    const link = await enter();
    rooms.end(ROOM, 'duplicate-identity');
    await settled();
    expect([link.isUp(), path()]).toEqual([true, ['lost', 'restored']]);
    expect(rooms.joins(ROOM)).toBe(2);
  });

  it('because of the room’s new bot is the end: no rejoin', async () => {
    const { enter, rooms, leases, lease, clock } = await openPlace();
    await enter();
    await takeLease(leases, ROOM);
    rooms.end(ROOM, 'duplicate-identity');
    await clock.live(60_000);
    expect(lease.lost.aborted).toBe(true);
    expect(rooms.joins(ROOM)).toBe(1);
  });

  it('again and again is no endless fight', async () => {
    const { enter, rooms, clock, told } = await openPlace();
    await enter();
    for (let at = 0; at < 10; at += 1) {
      rooms.end(ROOM, 'duplicate-identity');
      await clock.live(3_000);
    }
    expect(rooms.joins(ROOM)).toBe(7);
    expect(told.at(-1)).toMatchObject({ reason: { kind: 'failed', error: { fault: 'fleet' } } });
  });

  it('every few minutes is no fight: it is forgotten once the place was kept for a minute', async () => {
    const { enter, rooms, clock } = await openPlace();
    const link = await enter();
    for (let at = 0; at < 10; at += 1) {
      await clock.live(60_001);
      rooms.end(ROOM, 'connection-lost');
      await clock.live(100);
      expect(link.isUp()).toBe(true);
    }
    expect(rooms.joins(ROOM)).toBe(11);
  });

  it('while the database is away is made anew once it answers', async () => {
    const { enter, rooms, leases, clock } = await openPlace();
    const link = await enter();
    leases.failWith(failure('unavailable', 'database'));
    rooms.end(ROOM, 'connection-lost');
    await clock.live(600_000);
    expect(rooms.joins(ROOM)).toBe(1);
    leases.failWith(undefined);
    await clock.live(3_000);
    expect([rooms.joins(ROOM), link.isUp()]).toEqual([2, true]);
  });

  it('asks again before each try: the room may be taken meanwhile', async () => {
    const { enter, rooms, leases, lease, clock, rejoins } = await openPlace();
    await enter();
    rooms.failJoins(failure('unavailable', 'livekit'), 99);
    rooms.end(ROOM, 'connection-lost');
    await settled();
    await takeLease(leases, ROOM);
    await clock.live(60_000);
    expect(rejoins()).toBe(1);
    expect(lease.lost.aborted).toBe(true);
  });

  it.each(['room-deleted', 'removed'] as const)('because it was %s is the end', async (reason) => {
    const { enter, rooms, told } = await openPlace();
    await enter();
    rooms.end(ROOM, reason);
    await settled();
    expect(told.at(-1)).toEqual({ type: 'gone', reason: { kind: 'closed', reason } });
    expect(rooms.joins(ROOM)).toBe(1);
  });

  it('lets a segment go on, whose end brings the whole of it', async () => {
    const { enter, rooms } = await openPlace();
    const ann = rooms.visit(ROOM, { identity: 'ann' });
    const link = await enter();
    const segment = link.openSegment('s');
    await segment.write('One.');
    rooms.end(ROOM, 'connection-lost');
    await settled();
    await segment.write(' Two.');
    await segment.end('One. Two.');
    expect(ann.segments[0]).toMatchObject({ text: 'One. Two.', final: true });
  });

  it('that was made anew and ends before the database has answered is made anew again', async () => {
    const { enter, rooms, leases, clock, path } = await openPlace();
    const link = await enter();
    rooms.end(ROOM, 'duplicate-identity');
    while (rooms.joins(ROOM) < 2) await Promise.resolve();
    leases.failWith(failure('unavailable', 'database'));
    rooms.end(ROOM, 'duplicate-identity');
    await settled();
    leases.failWith(undefined);
    await clock.live(5_000);
    expect([link.isUp(), path()]).toEqual([true, ['lost', 'restored']]);
    expect(rooms.joins(ROOM)).toBe(3);
    expect(await reaches(link)).toBe(true);
  });
});

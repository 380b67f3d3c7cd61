import { describe, expect, it } from 'vitest';
import { AWAY, V, openHeldLeases, requestFor } from './held-leases.ts';

describe('while the queue is away', () => {
  it('the database carries the talk, asked for all late rooms at once every five seconds', async () => {
    const { asked, clock, hold, queue } = openHeldLeases();
    const [one, other] = [await hold('a'), await hold('b')];
    queue.fail('changeVisibility', AWAY('queue'), { times: Infinity });
    await clock.live(44_000);
    expect(asked).toEqual([]);
    for (let second = 44; second < 600; second += 1) {
      await clock.live(1_000);
      expect([one.mayPublish(), other.mayPublish()]).toEqual([true, true]);
    }
    expect(one.owned()).toBe(false);
    expect(asked.every(({ rooms }) => rooms.join() === 'a,b')).toBe(true);
    const pauses = asked.slice(1).map(({ at }, before) => at - (asked[before]?.at ?? 0));
    expect(new Set(pauses)).toEqual(new Set([5_000]));
    queue.heal();
    await clock.live(3_000);
    expect([one.owned(), one.late()]).toEqual([false, true]);
  });

  it('a room that another worker got is left by the next question', async () => {
    const { clock, hold, leases, queue } = openHeldLeases();
    const lease = await hold('a');
    queue.fail('changeVisibility', AWAY('queue'), { times: Infinity });
    await clock.live(60_000);
    expect(lease.mayPublish()).toBe(true);
    await leases.acquire(requestFor('a', 2));
    await clock.live(6_000);
    expect(lease.lost.aborted).toBe(true);
  });

  it('a room that its bot has left is carried until its row says so, and not lost by that', async () => {
    const { clock, hold, leases, queue } = openHeldLeases();
    const lease = await hold('a');
    queue.fail('changeVisibility', AWAY('queue'), { times: Infinity });
    lease.leave();
    await clock.live(60_000);
    expect(lease.mayPublish()).toBe(true);
    await leases.markLeft({ room: 'a', epoch: lease.epoch() }, 'left');
    await clock.live(6_000);
    expect(lease.lost.aborted).toBe(false);
  });

  it('and the database too, nobody speaks, and the room is lost after half a V', async () => {
    const { clock, hold, leases, queue, told } = openHeldLeases();
    const lease = await hold('a');
    queue.fail('changeVisibility', AWAY('queue'), { times: Infinity });
    leases.failWith(AWAY('database'));
    await clock.live(49_000);
    expect(lease.mayPublish()).toBe(true);
    await clock.live(2_000);
    expect([lease.mayPublish(), lease.lost.aborted]).toEqual([false, false]);
    await clock.live(22_000);
    expect(lease.lost.aborted).toBe(false);
    await clock.live(4_000);
    expect(lease.lost.aborted).toBe(true);
    expect(told).toContainEqual(
      expect.objectContaining({ type: 'lease-lost', why: expect.stringContaining('30000 ms') }),
    );
  });

  it('half a V begins anew with each answer', async () => {
    const { clock, hold, leases, queue } = openHeldLeases();
    const lease = await hold('a');
    queue.fail('changeVisibility', AWAY('queue'), { times: Infinity });
    await clock.live(40_000);
    for (let round = 0; round < 4; round += 1) {
      leases.failWith(AWAY('database'));
      await clock.live(25_000);
      expect(lease.mayPublish()).toBe(false);
      leases.failWith(undefined);
      await clock.live(6_000);
      expect(lease.mayPublish()).toBe(true);
    }
  });

  it('a room that runs late is asked for at once, though others were asked for just now', async () => {
    const { asked, clock, hold, queue } = openHeldLeases();
    await hold('a');
    queue.fail('changeVisibility', AWAY('queue'), { times: Infinity });
    await clock.live(47_000);
    const late = await hold('b');
    late.handOn();
    await clock.live(45_000);
    const first = asked.find(({ rooms }) => rooms.includes('b'));
    expect((first?.at ?? 0) - 92_000).toBeLessThanOrEqual(1_000);
  });

  it('an answer about an older epoch neither permits nor loses', async () => {
    for (const rooms of [new Set<string>(), new Set(['a'])]) {
      const { clock, hold, leases, queue } = openHeldLeases();
      const lease = await hold('a');
      const answer = Promise.withResolvers<ReadonlySet<string>>();
      queue.fail('changeVisibility', AWAY('queue'), { times: Infinity });
      leases.holds = () => answer.promise;
      await clock.live(52_000);
      lease.adopt(
        { ...lease.flight(), beatenAt: undefined },
        { epoch: 2, generation: 0, joined: false },
      );
      answer.resolve(rooms);
      await clock.live(0);
      expect([lease.lost.aborted, lease.mayPublish()]).toEqual([false, false]);
    }
  });

  it('a room that was left meanwhile is not told lost', async () => {
    const { clock, heartbeat, hold, leases, queue, told } = openHeldLeases();
    const lease = await hold('a');
    queue.fail('changeVisibility', AWAY('queue'), { times: Infinity });
    leases.failWith(AWAY('database'));
    await clock.live(55_000);
    heartbeat.remove(lease);
    await clock.live(V);
    expect(told.filter(({ type }) => type === 'lease-lost')).toEqual([]);
  });
});

describe('after the process slept', () => {
  it('a lease that lapsed meanwhile is silent until the database has answered', async () => {
    const { clock, hold, leases } = openHeldLeases();
    const [taken, kept] = [await hold('a'), await hold('b')];
    clock.stall(10 * V);
    expect([taken.mayPublish(), kept.mayPublish()]).toEqual([false, false]);
    await leases.acquire(requestFor('a', 2));
    await clock.live(2_000);
    expect([taken.lost.aborted, kept.mayPublish(), kept.owned()]).toEqual([true, true, false]);
  });

  it('so it is when only the wall’s clock went on', async () => {
    const { clock, hold } = openHeldLeases();
    const lease = await hold('a');
    await clock.live(1_000);
    clock.jumpWall(V);
    expect(lease.mayPublish()).toBe(false);
    await clock.live(2_000);
    expect(lease.mayPublish()).toBe(true);
  });
});

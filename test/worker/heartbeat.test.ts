import { describe, expect, it } from 'vitest';
import { nowOn } from '../../src/worker/lease.ts';
import { settled } from '../support/hand-clock.ts';
import { AWAY, V, openHeldLeases, requestFor } from './held-leases.ts';

describe('the wheel', () => {
  it('keeps every message in flight, by one batch every V/3', async () => {
    const { clock, hold, queue, beats } = openHeldLeases();
    await hold('a');
    await hold('b');
    await clock.live(30 * 60_000);
    expect(queue.held()).toMatchObject([
      { inFlight: true, receiveCount: 1 },
      { inFlight: true, receiveCount: 1 },
    ]);
    expect(beats.every((beat) => beat.count === 2)).toBe(true);
    const pauses = beats.slice(1).map(({ at }, before) => at - (beats[before]?.at ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual((V / 3) * (5 / 6));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(V / 3);
  });

  it('tries a failed beat again after a second or two', async () => {
    const { beats, clock, hold, queue, told } = openHeldLeases();
    const lease = await hold('a');
    queue.fail('changeVisibility', AWAY('queue'), { times: 3 });
    await clock.live(30_000);
    const firstAt = beats[0]?.at ?? 0;
    expect(beats.map(({ at }) => at - firstAt)).toEqual([0, 1_500, 3_000, 4_500]);
    expect(told.filter(({ type }) => type === 'beat-failed')).toHaveLength(3);
    expect(lease.late()).toBe(false);
  });

  it('tries again when only one of the messages failed, and believes the others', async () => {
    const { beats, clock, hold, queue } = openHeldLeases();
    const [one, other] = [await hold('a'), await hold('b')];
    queue.failBeatsOf('a', 2);
    await clock.live(22_000);
    expect(beats).toHaveLength(3);
    await clock.live(41_000);
    expect([one.owned(), other.owned()]).toEqual([true, true]);
  });

  it('beats for no message that was removed, handed on or lost', async () => {
    const { beats, clock, heartbeat, hold } = openHeldLeases();
    heartbeat.remove(await hold('a'));
    (await hold('b')).handOn();
    (await hold('c')).lose('because');
    await clock.live(V);
    expect(beats).toEqual([]);
  });

  it('takes a beat’s answer for the receipt that it was sent for', async () => {
    const { clock, hold, leases, queue } = openHeldLeases();
    const lease = await hold('a');
    const before = lease.flight();
    const real = queue.changeVisibility.bind(queue);
    const answer = Promise.withResolvers<void>();
    queue.changeVisibility = async (changes) => {
      await answer.promise;
      return await real(changes.map((one) => ({ ...one, receiptHandle: 'no receipt' })));
    };
    await clock.live(20_000);
    const beatenAt = nowOn(clock);
    const receipt = { handle: 'newer', groupId: 'a' };
    await leases.acquire(requestFor('a', 2));
    lease.adopt({ ...before, receipt, beatenAt }, { epoch: 2, generation: 0, joined: false });
    answer.resolve();
    await settled();
    expect(lease.owned()).toBe(true);
  });

  it('counts a beat whose answer is slow from its sending', async () => {
    const { clock, hold, queue } = openHeldLeases();
    const lease = await hold('a');
    const real = queue.changeVisibility.bind(queue);
    queue.changeVisibility = async (changes) => {
      const results = await real(changes);
      await clock.delay(3_000);
      queue.changeVisibility = () => Promise.reject(AWAY('queue'));
      return results;
    };
    await clock.live(20_000);
    const sentAt = 20_000 * (11 / 12);
    await clock.live(sentAt + 44_999 - 20_000);
    expect(lease.late()).toBe(false);
    await clock.live(1);
    expect(lease.late()).toBe(true);
  });

  it('takes an answer about an older epoch for no news', async () => {
    const { clock, hold, leases } = openHeldLeases();
    const lease = await hold('a');
    const answer = Promise.withResolvers<ReadonlySet<string>>();
    leases.fenced = () => answer.promise;
    await clock.live(20_000);
    lease.adopt(
      { ...lease.flight(), beatenAt: nowOn(clock) },
      { epoch: 2, generation: 0, joined: false },
    );
    answer.resolve(new Set(['a']));
    await settled();
    expect(lease.lost.aborted).toBe(false);
  });

  it('asks after a good beat whether the room was taken or ended', async () => {
    const { clock, hold, leases } = openHeldLeases();
    const [ended, taken, kept] = [await hold('a'), await hold('b'), await hold('c')];
    await leases.endSession('talk of a');
    await leases.acquire(requestFor('b', 2));
    await clock.live(21_000);
    expect([ended, taken, kept].map((lease) => lease.lost.aborted)).toEqual([true, true, false]);
  });

  it('takes it for no news that a room is free which its bot has left, be it asked before', async () => {
    const { clock, hold, leases } = openHeldLeases();
    const [early, late] = [await hold('a'), await hold('b')];
    late.leave();
    await leases.markLeft({ room: 'b', epoch: late.epoch() }, 'left', late.heldMs());
    const answer = Promise.withResolvers<ReadonlySet<string>>();
    leases.fenced = () => answer.promise;
    await clock.live(20_000);
    early.leave();
    answer.resolve(new Set(['a', 'b']));
    await settled();
    expect([early, late].map(({ lost }) => lost.aborted)).toEqual([false, false]);
    expect(late.owned()).toBe(true);
  });

  it('takes no answer for no news', async () => {
    const { clock, hold, leases, told } = openHeldLeases();
    const lease = await hold('a');
    leases.failWith(AWAY('database'));
    await clock.live(V);
    expect([lease.owned(), lease.lost.aborted]).toEqual([true, false]);
    expect(told.some(({ type }) => type === 'provider-failed')).toBe(true);
  });
});

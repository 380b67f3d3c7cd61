import { describe, expect, it } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { AcquireRequest } from '../../src/ports/lease-table.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { leaseTimes } from '../../src/worker/lease-times.ts';
import { holdLoneLease } from '../../src/worker/lone-lease.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import { openHandClock } from '../support/hand-clock.ts';
import { V } from './fleet.ts';

const TIMES = leaseTimes(V);
const DATABASE_AWAY = new TroupeError('a test: away', {
  kind: 'unavailable',
  fault: 'fleet',
  service: 'database',
});

describe('a room without a queue', () => {
  it('stays ours while the database says so, asked every V/12', async () => {
    const { clock, lone, asked } = await open();
    await clock.live(10 * V);
    expect([lone.lease.lost.aborted, lone.lease.mayPublish()]).toEqual([false, true]);
    expect(asked()).toBeLessThanOrEqual(1 + 10 * 12);
  });

  it.each([
    ['a worker of the fleet takes it', 'takes'],
    ['its session is ended', 'ends'],
  ] as const)('is known to be lost two questions after %s at the latest', async (_what, how) => {
    const { clock, leases, lone, asked } = await open();
    await clock.live(V);
    const before = asked();
    if (how === 'takes') await leases.acquire(ask('another'));
    else await leases.endSession('lobby');
    await clock.live(TIMES.askMs + 2 * TIMES.tickMs);
    expect(lone.lease.lost.aborted).toBe(true);
    expect(asked() - before).toBeLessThanOrEqual(2);
  });

  it('is refused where its session has ended', async () => {
    await expect(open('lobby')).rejects.toThrow('room lobby is refused: ended');
  });
});

describe('leaving it', () => {
  it('is written as soon as the database is back, dated by when the bot left', async () => {
    const { clock, leases, lone, told } = await open();
    leases.failWith(DATABASE_AWAY);
    const leftAt = clock.monotonicMs();
    const leaving = lone.leave('left');
    await clock.live(3_000);
    leases.failWith(undefined);
    await clock.live(1_500);
    await leaving;
    expect(leases.row('lobby')).toMatchObject({ status: 'left', leftAt });
    expect(told).toContainEqual(expect.objectContaining({ type: 'provider-failed' }));
  });

  it('is given up after 5 s, and told', async () => {
    const { clock, leases, lone, told } = await open();
    leases.failWith(DATABASE_AWAY);
    const leaving = lone.leave('failed');
    await clock.live(5_000);
    await leaving;
    expect(leases.row('lobby')?.status).toBe('live');
    expect(told.at(-1)).toMatchObject({ type: 'warning', room: 'lobby' });
  });

  it('writes nothing over a lease that was lost', async () => {
    const { leases, lone } = await open();
    await leases.acquire(ask('another'));
    lone.lease.lose('a test');
    await lone.leave('left');
    expect(leases.row('lobby')).toMatchObject({ status: 'live', epoch: 2, worker: 'another' });
  });
});

async function open(endedSession?: string) {
  const clock = openHandClock();
  const table = makeFakeLeaseTable(() => clock.monotonicMs());
  if (endedSession !== undefined) await table.endSession(endedSession);
  const told: Observation[] = [];
  let questions = 0;
  const counted = {
    ...table,
    holds: (...args: Parameters<typeof table.holds>) => {
      questions += 1;
      return table.holds(...args);
    },
  };
  const observe = (one: Observation): void => void told.push(one);
  const deps = { clock, leases: counted, observe, random: () => 0.5 };
  const of = { room: 'lobby', messageId: 'a lone start', worker: 'alone' };
  const lone = await holdLoneLease(deps, of, TIMES, new AbortController().signal);
  return { asked: () => questions, clock, leases: table, lone, told };
}

function ask(worker: string): AcquireRequest {
  const room = 'lobby';
  const once = { receiveCount: 1, requestedAt: 0, deferrals: 0 };
  return { room, session: room, messageId: `start of ${worker}`, worker, ...once };
}

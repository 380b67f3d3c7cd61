import { onTestFinished } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { AcquireRequest } from '../../src/ports/lease-table.ts';
import type { Observation } from '../../src/ports/observe.ts';
import { startHeartbeat } from '../../src/worker/heartbeat.ts';
import { nowOn, openLease } from '../../src/worker/lease.ts';
import type { Lease } from '../../src/worker/lease.ts';
import { leaseTimes } from '../../src/worker/lease-times.ts';
import { makeFakeLeaseTable } from '../support/fake-lease-table.ts';
import { makeFakeQueue } from '../support/fake-queue.ts';
import { openHandClock } from '../support/hand-clock.ts';

export const V = 60_000;

/** A service that does not answer. */
export const AWAY = (service: string): TroupeError =>
  new TroupeError('away', { kind: 'unavailable', fault: 'fleet', service });

/** Leases of one process with its wheel, and what the wheel asks of queue and database. */
export function openHeldLeases() {
  const clock = openHandClock();
  const queue = makeFakeQueue(clock);
  const leases = makeFakeLeaseTable(() => clock.monotonicMs());
  const told: Observation[] = [];
  const beats: { at: number; count: number }[] = [];
  const asked: { at: number; rooms: readonly string[] }[] = [];
  const life = new AbortController();
  onTestFinished(() => life.abort());
  const watchedQueue = {
    changeVisibility: async (changes: Parameters<typeof queue.changeVisibility>[0]) => {
      beats.push({ at: clock.monotonicMs(), count: changes.length });
      return await queue.changeVisibility(changes);
    },
  };
  const watchedLeases: Pick<typeof leases, 'holds' | 'fenced'> = {
    fenced: (held) => leases.fenced(held),
    async holds(held) {
      asked.push({ at: clock.monotonicMs(), rooms: held.map(({ room }) => room) });
      return await leases.holds(held);
    },
  };
  const deps = {
    clock,
    queue: watchedQueue,
    leases: watchedLeases,
    observe: (one: Observation) => void told.push(one),
    random: () => 0.5,
  };
  const times = leaseTimes(V);
  const heartbeat = startHeartbeat(deps, times, life.signal);

  async function hold(room: string): Promise<Lease> {
    await queue.send({ body: '{}', groupId: room, deduplicationId: room });
    const request = { waitMs: 0, visibilityMs: V, attemptId: room };
    const delivery = await queue.receive(request, life.signal);
    const answer = await leases.acquire(requestFor(room, 1));
    if (!answer.granted) throw new Error(answer.refusal);
    const receipt = { handle: delivery!.receiptHandle, groupId: room };
    const of = { room, session: `talk of ${room}`, receipt, present: () => undefined };
    const lease = openLease(deps, of, nowOn(clock), times);
    lease.grant(answer);
    heartbeat.add(lease);
    return lease;
  }
  return {
    asked,
    beats,
    clock,
    heartbeat,
    hold,
    leases,
    observe: deps.observe,
    queue,
    told,
    watchedQueue,
  };
}

/** What the n-th delivery of a room's message asks for. */
export function requestFor(room: string, receiveCount: number): AcquireRequest {
  const session = `talk of ${room}`;
  const worker = 'worker';
  return { room, session, messageId: room, receiveCount, requestedAt: 0, deferrals: 0, worker };
}

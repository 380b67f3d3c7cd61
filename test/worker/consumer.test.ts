import { getEventListeners } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TroupeError } from '../../src/errors.ts';
import type { ErrorKind } from '../../src/errors.ts';
import type { Observation } from '../../src/ports/observe.ts';
import type { ReceiveRequest } from '../../src/ports/queue.ts';
import { startConsumer } from '../../src/worker/consumer.ts';
import type { Received } from '../../src/worker/consumer.ts';
import { makeGate } from '../../src/worker/gate.ts';
import { makeSlots } from '../../src/worker/slots.ts';
import { makeFakeQueue } from '../support/fake-queue.ts';
import { openHandClock } from '../support/hand-clock.ts';

describe('the consumer', () => {
  it('receives only into a free place, and at once when one is freed', async () => {
    const { clock, got, polls, send } = open(2);
    for (const room of ['a', 'b', 'c', 'd']) await send(room);
    await clock.live(50_000);
    expect([got.length, polls.length]).toEqual([2, 2]);
    got[0]?.slot[Symbol.dispose]();
    await clock.live(0);
    expect(got.map(({ delivery }) => delivery.groupId)).toEqual(['a', 'b', 'c']);
  });

  it('polls on when there is nothing, each time under a new attempt id', async () => {
    const { clock, polls } = open();
    await clock.live(59_000);
    expect(polls.map(({ waitMs }) => waitMs)).toEqual([20_000, 20_000, 20_000]);
    expect(new Set(polls.map(({ attemptId }) => attemptId)).size).toBe(3);
  });

  it('receives nothing while the gate is closed', async () => {
    const { clock, gate, got, polls, send } = open(1, (gate) => gate.close('the key'));
    await send('a');
    await clock.live(60_000);
    expect(polls).toEqual([]);
    gate.open('the key');
    await clock.live(0);
    expect(got).toHaveLength(1);
  });

  it('is ended by no error, and waits longer after each', async () => {
    const { clock, fail, got, pollTimes, queue, send } = open();
    fail('unavailable', Infinity);
    await clock.live(120_000);
    const pauses = pollTimes.slice(1).map((at, before) => at - (pollTimes[before] ?? 0));
    expect(pauses.slice(0, 7)).toEqual([375, 750, 1_500, 3_000, 6_000, 12_000, 15_000]);
    expect(Math.max(...pauses)).toBe(15_000);
    queue.heal();
    await send('a');
    await clock.live(15_000);
    expect(got).toHaveLength(1);
  });

  it('survives what is no error of ours', async () => {
    const { clock, got, queue, send } = open();
    queue.fail('receive', new RangeError('odd') as unknown as TroupeError);
    await send('a');
    await clock.live(1_000);
    expect(got).toHaveLength(1);
  });

  it('asks again under the same attempt id when an answer was lost: the message is not', async () => {
    const { clock, fail, got, polls, send } = open();
    fail('timeout', 1, true);
    await send('a');
    await clock.live(21_000);
    expect(got.map(({ delivery }) => delivery.receiveCount)).toEqual([1]);
    const [first, second, third] = polls;
    expect(second?.attemptId).toBe(first?.attemptId);
    expect(third?.attemptId).not.toBe(first?.attemptId);
  });

  it('asks under a new one when the queue has refused', async () => {
    const { clock, fail, polls } = open();
    fail('rejected', 1);
    await clock.live(1_000);
    expect(polls[1]?.attemptId).not.toBe(polls[0]?.attemptId);
  });

  it('tells trouble at once for a refused key, else at the third failure, until it is over', async () => {
    const { clock, consumer, fail } = open();
    expect(consumer.trouble()).toBeUndefined();
    fail('unavailable', 2);
    await clock.live(30_000);
    expect(consumer.trouble()).toBeUndefined();
    fail('unavailable', 3);
    await clock.live(23_000);
    expect(consumer.trouble()).toBe('a test: unavailable');
    await clock.live(30_000);
    expect(consumer.trouble()).toBeUndefined();
    fail('auth', 1);
    await clock.live(20_000);
    expect(consumer.trouble()).toBe('a test: auth');
  });
});

describe('a consumer that drains', () => {
  it('lets its poll finish, and hands back what it brings', async () => {
    const { clock, consumer, draining, got, queue, send, slots } = open();
    await clock.live(5_000);
    draining.abort();
    await clock.live(1_000);
    await send('a');
    await clock.live(0);
    await consumer.done;
    expect([got, slots.free(), queue.held()[0]?.inFlight]).toEqual([[], 1, false]);
    await slots.empty();
  });

  it('tries more than once to hand it back', async () => {
    const { clock, consumer, draining, queue, send } = open();
    await clock.live(5_000);
    draining.abort();
    const away = { kind: 'unavailable', fault: 'fleet', service: 'queue' } as const;
    queue.fail('changeVisibility', new TroupeError('away', away), { times: 2 });
    await send('a');
    await clock.live(2_000);
    await consumer.done;
    expect(queue.held()).toMatchObject([{ inFlight: false, receiveCount: 1 }]);
  });

  it('ends when the poll brings nothing', async () => {
    const { clock, consumer, draining } = open();
    await clock.live(5_000);
    draining.abort();
    await clock.live(15_000);
    await consumer.done;
    expect(clock.timers()).toBe(0);
  });

  it.each(['a place', 'the gate', 'the weather'])('ends while it waits for %s', async (what) => {
    const { clock, consumer, draining, fail, gate, polls, send } = open();
    if (what === 'the gate') gate.close('the key');
    if (what === 'the weather') fail('unavailable', Infinity);
    await send('a');
    await clock.live(30_000);
    const before = polls.length;
    draining.abort();
    await clock.live(0);
    await consumer.done;
    expect(polls).toHaveLength(before);
    expect(getEventListeners(draining.signal, 'abort')).toEqual([]);
  });

  it('that is forced cuts its poll', async () => {
    const { clock, consumer, draining, forced } = open();
    await clock.live(5_000);
    draining.abort();
    forced.abort(new Error('now'));
    await clock.live(0);
    await consumer.done;
    expect(clock.timers()).toBe(0);
  });

  it('leaves nothing on the long-lived signals, however long it ran', async () => {
    const { clock, draining, forced, got, send } = open();
    for (let at = 0; at < 50; at += 1) {
      await send(`room-${at}`);
      await clock.live(1_000);
      got.at(-1)?.slot[Symbol.dispose]();
      await clock.live(0);
    }
    expect(got).toHaveLength(50);
    expect(getEventListeners(draining.signal, 'abort').length).toBeLessThan(2);
    expect(getEventListeners(forced.signal, 'abort').length).toBeLessThan(2);
  });
});

function open(places = 1, prepare: (gate: ReturnType<typeof makeGate>) => void = () => undefined) {
  const clock = openHandClock();
  const queue = makeFakeQueue(clock);
  const slots = makeSlots(places);
  const observe = (_observation: Observation): void => undefined;
  const gate = makeGate(observe);
  prepare(gate);
  const [draining, forced] = [new AbortController(), new AbortController()];
  onTestFinished(() => [draining, forced].forEach((controller) => controller.abort()));
  const got: Received[] = [];
  const polls: ReceiveRequest[] = [];
  const pollTimes: number[] = [];
  const watched = {
    ...queue,
    async receive(request: ReceiveRequest, signal: AbortSignal) {
      polls.push(request);
      pollTimes.push(clock.monotonicMs());
      return await queue.receive(request, signal);
    },
  };
  let ids = 0;
  const consumer = startConsumer(
    {
      queue: watched,
      slots,
      gate,
      clock,
      observe,
      random: () => 0.5,
      newId: () => `id-${++ids}`,
      assign: async (received) => void got.push(received),
    },
    { waitMs: 20_000, visibilityMs: 60_000 },
    draining.signal,
    forced.signal,
  );
  const send = (room: string): Promise<string> =>
    queue.send({ body: '{}', groupId: room, deduplicationId: room });
  const fail = (kind: ErrorKind, times: number, lost = false): void => {
    const details = { kind, fault: 'fleet', service: 'queue' } as const;
    queue.fail('receive', new TroupeError(`a test: ${kind}`, details), { times, lost });
  };
  return {
    clock,
    consumer,
    draining,
    fail,
    forced,
    gate,
    got,
    pollTimes,
    polls,
    queue,
    send,
    slots,
  };
}
